/* Copyright 2026 The Netty IPC Authors. Licensed under the Apache License, Version 2.0; see LICENSE. */
package io.nettyipc.process;

import io.netty.bootstrap.Bootstrap;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelOption;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.socket.DuplexChannel;
import io.nettyipc.base.testing.ChildJvm;
import io.nettyipc.mailslot.Mailslot;
import io.nettyipc.mailslot.MailslotAddress;
import io.nettyipc.pipe.NamedPipe;
import io.nettyipc.pipe.NamedPipeAddress;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;

/**
 * Started by {@link ChildJvm}: opens the channel it is told, which never reads, and says what became of that; then
 * does to it what it is told.
 */
final class UnixPeerProgram {
    private UnixPeerProgram() {}

    public static void main(String[] arguments) throws IOException {
        MultiThreadIoEventLoopGroup group = new MultiThreadIoEventLoopGroup(1, NamedPipe.newIoHandlerFactory());
        Bootstrap bootstrap = new Bootstrap()
                .group(group)
                .option(ChannelOption.AUTO_READ, false)
                .option(ChannelOption.ALLOW_HALF_CLOSURE, true);
        ChildJvm.answer("ready");
        Channel channel = null;
        try (BufferedReader input = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8))) {
            for (String line = input.readLine(); line != null; line = input.readLine()) {
                String[] words = line.split(" ");
                ChannelFuture future = run(
                                bootstrap.clone().handler(new ChannelInboundHandlerAdapter()), channel, words)
                        .awaitUninterruptibly();
                channel = future.channel();
                ChildJvm.answer(future.isSuccess() ? "done" : future.cause());
            }
        }
    }

    private static ChannelFuture run(Bootstrap bootstrap, Channel channel, String[] words) {
        return switch (words[0]) {
            case "message" -> bootstrap.channel(NamedPipe.messageChannelType()).connect(NamedPipeAddress.of(words[1]));
            case "mailslot" -> bootstrap.channel(Mailslot.channelType()).bind(MailslotAddress.of(words[1]));
            case "read-fifo" -> bootstrap.channel(Fifo.channelType()).bind(FifoAddress.of(words[1]));
            case "write-fifo" -> bootstrap.channel(Fifo.channelType()).connect(FifoAddress.of(words[1]));
            case "write" -> channel.writeAndFlush(Unpooled.wrappedBuffer(new byte[Integer.parseInt(words[1])]));
            case "end" -> ((DuplexChannel) channel).shutdownOutput();
            default -> throw new IllegalArgumentException(words[0]);
        };
    }
}
