/* Copyright 2026 The Netty IPC Authors. Licensed under the Apache License, Version 2.0; see LICENSE. */
package io.nettyipc.shm;

import io.netty.bootstrap.Bootstrap;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.nettyipc.base.testing.ChildJvm;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

/** The process that is killed: sends messages without end, or keeps those that it gets. */
final class KilledLeaseProgram {

    static final int SIZE = 100_000;
    private static final int LARGEST = 400_000;
    static final int MEMORY = 8 << 20;

    private KilledLeaseProgram() {}

    /** The arguments: the server's address, and {@code send} or {@code keep}. */
    public static void main(String[] args) throws Exception {
        new Bootstrap()
                .group(new MultiThreadIoEventLoopGroup(1, Shm.newIoHandlerFactory()))
                .channel(ShmChannel.class)
                .option(ShmChannelOption.SHM_LEASE_SEND_MEMORY, MEMORY)
                .option(ShmChannelOption.SHM_LEASE_RECEIVE_MEMORY, MEMORY)
                .handler(args[1].equals("send") ? new Sender() : new Keeper())
                .connect(ShmAddress.of(args[0]))
                .sync();
        ChildJvm.answer("here");
        // The end of the parent's is this one's.
        if (System.in.read() == -1) {
            System.exit(0);
        }
    }

    /** A message whose numbers are all one. */
    static ByteBuf message(ByteBufAllocator allocator, long number) {
        return message(allocator, SIZE, number);
    }

    private static ByteBuf message(ByteBufAllocator allocator, int size, long number) {
        ByteBuf message = allocator.directBuffer(size);
        while (message.readableBytes() < size) {
            message.writeLong(number);
        }
        return message;
    }

    private static final class Sender extends ChannelInboundHandlerAdapter {

        private final SplittableRandom random = new SplittableRandom();
        private long sent;

        @Override
        public void channelActive(ChannelHandlerContext ctx) {
            send(ctx);
        }

        private void send(ChannelHandlerContext ctx) {
            for (int i = 0; i < 10 && ctx.channel().isWritable(); i++) {
                int size = random.nextInt(SIZE / Long.BYTES, LARGEST / Long.BYTES) * Long.BYTES;
                ctx.writeAndFlush(message(((ShmChannel) ctx.channel()).sharedAllocator(), size, sent++));
            }
            if (ctx.channel().isWritable()) {
                ctx.executor().execute(() -> send(ctx));
            }
        }

        @Override
        public void channelWritabilityChanged(ChannelHandlerContext ctx) {
            if (ctx.channel().isWritable()) {
                ctx.executor().execute(() -> send(ctx));
            }
        }
    }

    private static final class Keeper extends ChannelInboundHandlerAdapter {

        private final List<Object> kept = new ArrayList<>();

        @Override
        public void channelRead(ChannelHandlerContext ctx, Object msg) {
            kept.add(msg);
            if (kept.size() == KilledLeaseTest.KEPT) {
                ChildJvm.answer("kept");
            }
        }
    }
}
