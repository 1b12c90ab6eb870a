/* Copyright 2026 The Netty IPC Authors. Licensed under the Apache License, Version 2.0; see LICENSE. */
package io.nettyipc.pipe;

import io.netty.bootstrap.Bootstrap;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelOption;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.socket.ChannelInputShutdownReadComplete;
import io.nettyipc.pipe.unix.UnixTransport;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.TimeUnit;

/** A filter: writes its standard input to its standard output, and what it found out about both to standard error. */
final class StdioProgram {
    private StdioProgram() {}

    public static void main(String... arguments) throws Exception {
        UnixTransport transport = arguments[0].equals("nio") ? UnixTransport.nio() : UnixTransport.preferred();
        MultiThreadIoEventLoopGroup group = new MultiThreadIoEventLoopGroup(1, transport.newIoHandlerFactory());
        Bootstrap bootstrap = new Bootstrap()
                .group(group)
                .channel(Stdio.channelType())
                .option(ChannelOption.ALLOW_HALF_CLOSURE, true)
                .handler(new Filter());
        Channel channel =
                bootstrap.connect(StdioAddress.INSTANCE).syncUninterruptibly().channel();
        System.out.println("a stray line");
        System.err.println("System.in has " + System.in.read());
        Throwable second = bootstrap
                .clone()
                .handler(new Filter())
                .connect(StdioAddress.INSTANCE)
                .awaitUninterruptibly()
                .cause();
        System.err.println("second connect: " + second.getMessage());
        new ProcessBuilder("sh", "-c", "cat; echo child").inheritIO().start().waitFor();
        if (arguments.length > 1) {
            channel.writeAndFlush(Unpooled.copiedBuffer(arguments[1], StandardCharsets.UTF_8));
        }
        channel.closeFuture().syncUninterruptibly();
        group.shutdownGracefully(0, 10, TimeUnit.SECONDS).syncUninterruptibly();
    }

    private static final class Filter extends ChannelInboundHandlerAdapter {
        @Override
        public void channelRead(ChannelHandlerContext ctx, Object msg) {
            if (((ByteBuf) msg).isReadable()) {
                ctx.write(msg);
            }
            if (!ctx.channel().isWritable()) {
                ctx.channel().config().setAutoRead(false);
                ctx.flush();
            }
        }

        @Override
        public void channelReadComplete(ChannelHandlerContext ctx) {
            ctx.flush();
        }

        @Override
        public void channelWritabilityChanged(ChannelHandlerContext ctx) {
            ctx.channel().config().setAutoRead(ctx.channel().isWritable());
        }

        @Override
        public void userEventTriggered(ChannelHandlerContext ctx, Object evt) {
            if (evt == ChannelInputShutdownReadComplete.INSTANCE) {
                // Behind what has been read and is being written.
                ctx.writeAndFlush(Unpooled.EMPTY_BUFFER).addListener(written -> ctx.close());
            }
        }
    }
}
