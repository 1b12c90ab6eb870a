/* Copyright 2026 The Netty IPC Authors. Licensed under the Apache License, Version 2.0; see LICENSE. */
package io.nettyipc.shm.testing;

import io.netty.bootstrap.Bootstrap;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.DefaultFileRegion;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.SimpleChannelInboundHandler;
import io.nettyipc.pipe.NamedPipe;
import io.nettyipc.shm.Shm;
import io.nettyipc.shm.ShmAddress;
import io.nettyipc.shm.ShmChannel;
import io.nettyipc.shm.ShmServerChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/**
 * Says something to itself over shared memory, with the transport as a named module. Started by {@link ModulePathTest}.
 */
final class ModulePathProgram {

    private ModulePathProgram() {}

    public static void main(String[] args) throws Exception {
        Shm.ensureAvailability();
        ShmAddress address = ShmAddress.of(args[0]);
        CompletableFuture<String> echoed = new CompletableFuture<>();
        EventLoopGroup group = new MultiThreadIoEventLoopGroup(1, Shm.newIoHandlerFactory());
        Channel server = new ServerBootstrap()
                .group(group)
                .channel(ShmServerChannel.class)
                .childHandler(new Echo())
                .bind(address)
                .sync()
                .channel();
        Channel client = new Bootstrap()
                .group(group)
                .channel(ShmChannel.class)
                .handler(new Receiver(echoed))
                .connect(address)
                .sync()
                .channel();
        // There the transport may not look at the region's file.
        Path file = Files.writeString(Files.createTempFile("nettyipc", ".txt"), "hello");
        client.writeAndFlush(new DefaultFileRegion(file.toFile(), 0, Files.size(file)));
        String text = echoed.get(30, TimeUnit.SECONDS);
        Files.delete(file);
        String user = Shm.peer((ShmChannel) client).user();
        client.close().sync();
        server.close().sync();
        group.shutdownGracefully(0, 10, TimeUnit.SECONDS).sync();
        boolean epoll = NamedPipe.channelType().getSimpleName().startsWith("Epoll");
        System.out.println(text + " from module " + Shm.class.getModule().getName() + (epoll ? " with" : " without")
                + " epoll" + (user == null ? " from an unknown user" : "")
                + (ModuleLayer.boot().findModule("jdk.jfr").isPresent() ? "" : " without a flight recorder"));
    }

    private static final class Echo extends ChannelInboundHandlerAdapter {
        @Override
        public boolean isSharable() {
            return true;
        }

        @Override
        public void channelRead(ChannelHandlerContext ctx, Object msg) {
            ctx.writeAndFlush(msg);
        }
    }

    private static final class Receiver extends SimpleChannelInboundHandler<ByteBuf> {

        private final CompletableFuture<String> received;

        Receiver(CompletableFuture<String> received) {
            this.received = received;
        }

        @Override
        protected void channelRead0(ChannelHandlerContext ctx, ByteBuf msg) {
            received.complete(msg.toString(StandardCharsets.UTF_8));
        }
    }
}
