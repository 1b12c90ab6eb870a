/* Copyright 2026 The Netty IPC Authors. Licensed under the Apache License, Version 2.0; see LICENSE. */
package io.nettyipc.examples.messages;

import io.netty.bootstrap.Bootstrap;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.nettyipc.pipe.NamedPipe;
import io.nettyipc.pipe.NamedPipeAddress;
import io.nettyipc.pipe.NamedPipeChannel;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;

/**
 * Asks {@link TimeServer} for the time in each time zone that it reads, by a transaction. Windows only; elsewhere, and
 * for a single question, there is {@link NamedPipe#call}.
 *
 * <p>{@code mvn -q -pl examples -am compile -Dexample=messages.TimeClient}
 */
public final class TimeClient {
    private TimeClient() {}

    public static void main(String[] args) throws InterruptedException, IOException {
        EventLoopGroup group = new MultiThreadIoEventLoopGroup(1, NamedPipe.newIoHandlerFactory());
        try {
            NamedPipeChannel channel = (NamedPipeChannel) new Bootstrap()
                    .group(group)
                    .channel(NamedPipe.messageChannelType())
                    .handler(new ChannelInboundHandlerAdapter())
                    .connect(NamedPipeAddress.of(args.length > 0 ? args[0] : "time"))
                    .sync()
                    .channel();
            System.out.println("connected to " + channel.info() + "; type a time zone, such as Europe/Vienna");
            BufferedReader in = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
            for (String zone = in.readLine(); zone != null; zone = in.readLine()) {
                ByteBuf reply = channel.transact(Unpooled.copiedBuffer(zone, StandardCharsets.UTF_8), 1024, 5000)
                        .sync()
                        .getNow();
                System.out.println("time: " + reply.toString(StandardCharsets.UTF_8));
                reply.release();
            }
            channel.close().sync();
        } finally {
            group.shutdownGracefully();
        }
    }
}
