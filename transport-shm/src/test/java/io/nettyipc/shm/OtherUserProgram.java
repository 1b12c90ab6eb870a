/* Copyright 2026 The Netty IPC Authors. Licensed under the Apache License, Version 2.0; see LICENSE. */
package io.nettyipc.shm;

import io.netty.bootstrap.Bootstrap;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.SimpleChannelInboundHandler;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.SocketChannel;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/** A client that runs as another user: has some bytes echoed, and says what came of it. */
final class OtherUserProgram {

    private OtherUserProgram() {}

    /**
     * The arguments are the server's address and the client's {@link ShmPeerPolicy}, or how many connections to open
     * that say nothing until the end of the standard input.
     */
    public static void main(String[] args) throws Exception {
        if (Character.isDigit(args[1].charAt(0))) {
            beSilent(args[0], Integer.parseInt(args[1]));
            return;
        }
        byte[] bytes = new byte[1_000_003];
        new Random(1).nextBytes(bytes);
        ByteBuf received = Unpooled.buffer(bytes.length);
        CompletableFuture<Boolean> echoed = new CompletableFuture<>();
        EventLoopGroup group = new MultiThreadIoEventLoopGroup(1, Shm.newIoHandlerFactory());
        try {
            ShmChannel channel = (ShmChannel) new Bootstrap()
                    .group(group)
                    .channel(ShmChannel.class)
                    .option(ShmChannelOption.SHM_PEER_POLICY, ShmPeerPolicy.valueOf(args[1]))
                    .handler(new SimpleChannelInboundHandler<ByteBuf>() {
                        @Override
                        protected void channelRead0(ChannelHandlerContext ctx, ByteBuf msg) {
                            if (received.writeBytes(msg).readableBytes() >= bytes.length) {
                                echoed.complete(received.equals(Unpooled.wrappedBuffer(bytes)));
                            }
                        }
                    })
                    .connect(ShmAddress.of(args[0]))
                    .sync()
                    .channel();
            channel.writeAndFlush(Unpooled.wrappedBuffer(bytes));
            System.out.println("echoed: " + echoed.get(30, TimeUnit.SECONDS) + ", " + channel.terms());
            channel.close().sync();
        } catch (Exception e) {
            System.out.println(e.getMessage());
        } finally {
            group.shutdownGracefully(0, 10, TimeUnit.SECONDS).sync();
        }
    }

    private static void beSilent(String path, int count) throws Exception {
        List<SocketChannel> all = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            all.add(SocketChannel.open(UnixDomainSocketAddress.of(path)));
        }
        System.out.println("silent");
        while (System.in.read() != -1) {}
        for (SocketChannel channel : all) {
            channel.close();
        }
    }
}
