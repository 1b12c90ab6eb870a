/* Copyright 2026 The Netty IPC Authors. Licensed under the Apache License, Version 2.0; see LICENSE. */
package io.nettyipc.examples.messages;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.nettyipc.pipe.NamedPipe;
import io.nettyipc.pipe.NamedPipeAddress;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.TimeUnit;

/**
 * Asks {@link TimeServer} for the time in each time zone that it reads. On Windows and Linux, which have pipes of
 * messages. Each question is a connection of its own; on Windows a client that stays connected can ask by
 * {@code NamedPipeChannel.transact}.
 *
 * <p>{@code mvn -q -pl examples -am compile -Dexample=messages.TimeClient}
 */
public final class TimeClient {
    private TimeClient() {}

    public static void main(String[] args) throws InterruptedException, IOException {
        NamedPipeAddress server = NamedPipeAddress.of(args.length > 0 ? args[0] : "time");
        EventLoopGroup group = new MultiThreadIoEventLoopGroup(1, NamedPipe.newIoHandlerFactory());
        try {
            System.out.println("type a time zone, such as Europe/Vienna");
            BufferedReader in = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
            for (String zone = in.readLine(); zone != null; zone = in.readLine()) {
                ByteBuf question = Unpooled.copiedBuffer(zone, StandardCharsets.UTF_8);
                ByteBuf reply = NamedPipe.call(group, server, question, 1024, 5000)
                        .sync()
                        .getNow();
                System.out.println("time: " + reply.toString(StandardCharsets.UTF_8));
                reply.release();
            }
        } finally {
            group.shutdownGracefully(0, 1, TimeUnit.SECONDS);
        }
    }
}
