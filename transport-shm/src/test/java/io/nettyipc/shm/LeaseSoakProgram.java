/* Copyright 2026 The Netty IPC Authors. Licensed under the Apache License, Version 2.0; see LICENSE. */
package io.nettyipc.shm;

import io.netty.bootstrap.Bootstrap;
import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.util.ReferenceCountUtil;
import io.nettyipc.base.testing.ChildJvm;
import java.util.SplittableRandom;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.zip.CRC32;

/** The process that lends: sends messages of any size until it is told to end. */
final class LeaseSoakProgram {

    static final int MEMORY = 32 << 20;
    static final int LARGEST = 2 << 20;

    /** A frame's length, and the checksum of what follows. */
    static final int HEADER = Integer.BYTES + Long.BYTES;

    private LeaseSoakProgram() {}

    /** The arguments: the server's address, a pause between two messages in milliseconds, and a seed. */
    public static void main(String[] args) throws Exception {
        CountDownLatch released = new CountDownLatch(1);
        ShmChannel channel = (ShmChannel) new Bootstrap()
                .group(new MultiThreadIoEventLoopGroup(1, Shm.newIoHandlerFactory()))
                .channel(ShmChannel.class)
                .option(ShmChannelOption.SHM_LEASE_SEND_MEMORY, MEMORY)
                .handler(new ChannelInboundHandlerAdapter() {
                    @Override
                    public void channelRead(ChannelHandlerContext ctx, Object msg) {
                        // The server has released everything.
                        ReferenceCountUtil.release(msg);
                        released.countDown();
                    }
                })
                .connect(ShmAddress.of(args[0]))
                .sync()
                .channel();
        ChildJvm.answer("here");
        long messages = send(channel, Long.parseLong(args[1]), new SplittableRandom(Long.parseLong(args[2])));
        channel.shutdownOutput().sync();
        ChildJvm.answer(messages);
        if (!released.await(60, TimeUnit.SECONDS)) {
            throw new IllegalStateException("the server releases nothing");
        }
        ShmLeaseMetrics metrics = channel.leaseMetrics();
        ChildJvm.answer(metrics.memoryInUse() + " bytes in use, " + metrics.peerHolds() + " held");
        ChildJvm.answer(metrics.sent());
        // The end of the parent's is this one's.
        while (System.in.read() != -1) {
            // The rest of what it said.
        }
        System.exit(0);
    }

    private static long send(ShmChannel channel, long pauseMillis, SplittableRandom random) throws Exception {
        long messages = 0;
        ChannelFuture last = channel.newSucceededFuture();
        while (System.in.available() == 0) {
            if (channel.isWritable()) {
                int size = (int) Math.exp(random.nextDouble(Math.log(1000), Math.log(LARGEST)));
                last = channel.writeAndFlush(message(channel, size, random));
                messages++;
            }
            Thread.sleep(pauseMillis);
        }
        // The end of the output fails what waits for room in the ring.
        last.sync();
        return messages;
    }

    private static ByteBuf message(ShmChannel channel, int size, SplittableRandom random) {
        byte[] bytes = new byte[size];
        random.nextBytes(bytes);
        ByteBuf message = channel.sharedAllocator().directBuffer(HEADER + size);
        return message.writeInt(Long.BYTES + size).writeLong(checksum(bytes)).writeBytes(bytes);
    }

    static long checksum(byte[] bytes) {
        CRC32 crc = new CRC32();
        crc.update(bytes);
        return crc.getValue();
    }
}
