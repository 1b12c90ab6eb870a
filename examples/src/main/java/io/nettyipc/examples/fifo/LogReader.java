/* Copyright 2026 The Netty IPC Authors. Licensed under the Apache License, Version 2.0; see LICENSE. */
package io.nettyipc.examples.fifo;

import io.netty.bootstrap.Bootstrap;
import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.handler.codec.LineBasedFrameDecoder;
import io.nettyipc.pipe.NamedPipe;
import io.nettyipc.process.Fifo;
import io.nettyipc.process.FifoAddress;
import java.nio.charset.StandardCharsets;
import java.time.LocalTime;
import java.time.ZoneId;
import java.time.temporal.ChronoUnit;

/**
 * Prints the lines that any program writes to a FIFO, with the time, however often writers come and go:
 * {@code echo hello > /tmp/log}.
 *
 * <p>{@code mvn -q -pl examples -am compile -Dexample=fifo.LogReader -Dargs=/tmp/log}
 */
public final class LogReader {
    private LogReader() {}

    public static void main(String[] args) throws InterruptedException {
        EventLoopGroup group = new MultiThreadIoEventLoopGroup(1, NamedPipe.newIoHandlerFactory());
        try {
            Channel log = new Bootstrap()
                    .group(group)
                    .channel(Fifo.channelType())
                    .handler(new ChannelInitializer<>() {
                        @Override
                        protected void initChannel(Channel ch) {
                            ch.pipeline().addLast(new LineBasedFrameDecoder(64 * 1024), new Printer());
                        }
                    })
                    .bind(FifoAddress.of(args.length > 0 ? args[0] : "log"))
                    .sync()
                    .channel();
            System.out.println("reading " + log.localAddress() + "; Ctrl-C ends it");
            log.closeFuture().sync();
        } finally {
            group.shutdownGracefully();
        }
    }

    private static final class Printer extends SimpleChannelInboundHandler<ByteBuf> {
        @Override
        protected void channelRead0(ChannelHandlerContext ctx, ByteBuf line) {
            System.out.println(LocalTime.now(ZoneId.systemDefault()).truncatedTo(ChronoUnit.SECONDS) + " "
                    + line.toString(StandardCharsets.UTF_8));
        }

        /** A line that is too long, for example. The decoder goes on behind it. */
        @Override
        public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
            System.err.println(ctx.channel() + ": " + cause);
        }
    }
}
