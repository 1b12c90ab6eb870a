/* Copyright 2026 The Netty IPC Authors. Licensed under the Apache License, Version 2.0; see LICENSE. */
package io.nettyipc.examples;

import io.netty.bootstrap.Bootstrap;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.IoHandlerFactory;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.ServerChannel;
import io.nettyipc.pipe.NamedPipe;
import io.nettyipc.pipe.NamedPipeAddress;
import io.nettyipc.shm.Shm;
import io.nettyipc.shm.ShmAddress;
import java.net.SocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/** What {@link OsgiTest}'s application does in the framework, where nothing of the class path is seen. */
public final class OsgiEcho {
    private OsgiEcho() {}

    /** Returns what came back over each transport. */
    public static List<String> run() throws Exception {
        String name = "osgi-test-" + ProcessHandle.current().pid();
        return List.of(
                echo(
                        "pipe: hello",
                        NamedPipe.newIoHandlerFactory(),
                        NamedPipe.serverChannelType(),
                        NamedPipe.channelType(),
                        NamedPipeAddress.of(name)),
                echo(
                        "shm: hello",
                        Shm.newIoHandlerFactory(),
                        Shm.serverChannelType(),
                        Shm.channelType(),
                        ShmAddress.of(name + "-shm")));
    }

    private static String echo(
            String text,
            IoHandlerFactory handlers,
            Class<? extends ServerChannel> serverType,
            Class<? extends Channel> type,
            SocketAddress address)
            throws Exception {
        EventLoopGroup group = new MultiThreadIoEventLoopGroup(1, handlers);
        try {
            CompletableFuture<String> answer = new CompletableFuture<>();
            Channel server = new ServerBootstrap()
                    .group(group)
                    .channel(serverType)
                    .childHandler(new Echo())
                    .bind(address)
                    .sync()
                    .channel();
            Channel client = new Bootstrap()
                    .group(group)
                    .channel(type)
                    .handler(new Answer(text.length(), answer))
                    .connect(address)
                    .sync()
                    .channel();
            client.writeAndFlush(Unpooled.copiedBuffer(text, StandardCharsets.UTF_8))
                    .sync();
            String received = answer.get(30, TimeUnit.SECONDS);
            client.close().sync();
            server.close().sync();
            return received;
        } finally {
            group.shutdownGracefully(0, 10, TimeUnit.SECONDS).sync();
        }
    }

    private static final class Echo extends ChannelInboundHandlerAdapter {
        @Override
        public void channelRead(ChannelHandlerContext ctx, Object msg) {
            ctx.writeAndFlush(msg);
        }

        @Override
        public boolean isSharable() {
            return true;
        }
    }

    private static final class Answer extends ChannelInboundHandlerAdapter {
        private final int length;
        private final CompletableFuture<String> answer;
        private final StringBuilder received = new StringBuilder();

        Answer(int length, CompletableFuture<String> answer) {
            this.length = length;
            this.answer = answer;
        }

        @Override
        public void channelRead(ChannelHandlerContext ctx, Object msg) {
            ByteBuf bytes = (ByteBuf) msg;
            received.append(new String(ByteBufUtil.getBytes(bytes), StandardCharsets.UTF_8));
            bytes.release();
            if (received.length() >= length) {
                answer.complete(received.toString());
            }
        }
    }
}
