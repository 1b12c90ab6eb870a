/* Copyright 2026 The Netty IPC Authors. Licensed under the Apache License, Version 2.0; see LICENSE. */
package io.nettyipc.examples.messages;

import io.netty.bootstrap.ServerBootstrap;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.SimpleChannelInboundHandler;
import io.nettyipc.pipe.NamedPipe;
import io.nettyipc.pipe.NamedPipeAddress;
import io.nettyipc.pipe.NamedPipeMessageAggregator;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.ZoneId;
import java.time.ZonedDateTime;

/**
 * A request/response service over a message-mode pipe: each message is the name of a time zone, and the reply the time
 * there. {@link TimeClient} asks it, and so does any Windows program with {@code TransactNamedPipe} or
 * {@code CallNamedPipe}: there is no framing, since the pipe keeps messages apart.
 *
 * <p>{@code mvn -q -pl examples -am compile -Dexample=messages.TimeServer}
 */
public final class TimeServer {
    private TimeServer() {}

    public static void main(String[] args) throws InterruptedException {
        EventLoopGroup group = new MultiThreadIoEventLoopGroup(NamedPipe.newIoHandlerFactory());
        try {
            Channel server = new ServerBootstrap()
                    .group(group)
                    .channel(NamedPipe.messageServerChannelType())
                    .childHandler(new ChannelInitializer<>() {
                        @Override
                        protected void initChannel(Channel ch) {
                            ch.pipeline().addLast(new NamedPipeMessageAggregator(1024), new Clock());
                        }
                    })
                    .bind(NamedPipeAddress.of(args.length > 0 ? args[0] : "time"))
                    .sync()
                    .channel();
            System.out.println("time server on " + server.localAddress() + "; Ctrl-C ends it");
            server.closeFuture().sync();
        } finally {
            group.shutdownGracefully();
        }
    }

    private static final class Clock extends SimpleChannelInboundHandler<ByteBuf> {
        @Override
        protected void channelRead0(ChannelHandlerContext ctx, ByteBuf request) {
            String zone = request.toString(StandardCharsets.UTF_8);
            String reply;
            try {
                reply = ZonedDateTime.now(ZoneId.of(zone)).toString();
            } catch (DateTimeException e) {
                reply = "no such zone: " + zone;
            }
            ctx.writeAndFlush(Unpooled.copiedBuffer(reply, StandardCharsets.UTF_8));
        }

        @Override
        public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
            System.err.println(ctx.channel() + ": " + cause);
            ctx.close();
        }
    }
}
