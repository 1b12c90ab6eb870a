/* Copyright 2026 The Netty IPC Authors. Licensed under the Apache License, Version 2.0; see LICENSE. */
package io.nettyipc.examples.mailslot;

import io.netty.bootstrap.Bootstrap;
import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.SimpleChannelInboundHandler;
import io.nettyipc.mailslot.Mailslot;
import io.nettyipc.mailslot.MailslotAddress;
import io.nettyipc.pipe.NamedPipe;
import java.nio.charset.StandardCharsets;

/**
 * Prints what arrives in a mailslot. Any number of {@link NewsWriter}s may send to it.
 *
 * <p>{@code mvn -q -pl examples -am compile -Dexample=mailslot.NewsReader}
 */
public final class NewsReader {
    private NewsReader() {}

    public static void main(String[] args) throws InterruptedException {
        EventLoopGroup group = new MultiThreadIoEventLoopGroup(1, NamedPipe.newIoHandlerFactory());
        try {
            Channel reader = new Bootstrap()
                    .group(group)
                    .channel(Mailslot.channelType())
                    .handler(new SimpleChannelInboundHandler<ByteBuf>() {
                        @Override
                        protected void channelRead0(ChannelHandlerContext ctx, ByteBuf message) {
                            System.out.println("news: " + message.toString(StandardCharsets.UTF_8));
                        }
                    })
                    .bind(MailslotAddress.of(args.length > 0 ? args[0] : "news"))
                    .sync()
                    .channel();
            System.out.println("reading " + reader.localAddress() + "; Ctrl-C ends it");
            reader.closeFuture().sync();
        } finally {
            group.shutdownGracefully();
        }
    }
}
