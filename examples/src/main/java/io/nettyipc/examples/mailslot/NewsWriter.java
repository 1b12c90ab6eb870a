/* Copyright 2026 The Netty IPC Authors. Licensed under the Apache License, Version 2.0; see LICENSE. */
package io.nettyipc.examples.mailslot;

import io.netty.bootstrap.Bootstrap;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.nettyipc.mailslot.Mailslot;
import io.nettyipc.mailslot.MailslotAddress;
import io.nettyipc.pipe.NamedPipe;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.TimeUnit;

/**
 * Sends each line of its input as one message to {@link NewsReader}'s mailslot. With the argument
 * {@code \\*\mailslot\news} it goes to all machines of the domain that have one, where the network and Windows still do
 * that.
 *
 * <p>{@code mvn -q -pl examples -am compile -Dexample=mailslot.NewsWriter}
 */
public final class NewsWriter {
    private NewsWriter() {}

    public static void main(String[] args) throws InterruptedException, IOException {
        EventLoopGroup group = new MultiThreadIoEventLoopGroup(1, NamedPipe.newIoHandlerFactory());
        try {
            Channel writer = new Bootstrap()
                    .group(group)
                    .channel(Mailslot.channelType())
                    .handler(new ChannelInboundHandlerAdapter())
                    .connect(MailslotAddress.of(args.length > 0 ? args[0] : "news"))
                    .sync()
                    .channel();
            System.out.println("writing to " + writer.remoteAddress() + "; type a line");
            BufferedReader in = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
            for (String line = in.readLine(); line != null; line = in.readLine()) {
                writer.writeAndFlush(Unpooled.copiedBuffer(line, StandardCharsets.UTF_8))
                        .sync();
            }
            writer.close().sync();
        } finally {
            group.shutdownGracefully(0, 1, TimeUnit.SECONDS);
        }
    }
}
