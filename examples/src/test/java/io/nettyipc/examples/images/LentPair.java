/* Copyright 2026 The Netty IPC Authors. Licensed under the Apache License, Version 2.0; see LICENSE. */
package io.nettyipc.examples.images;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.netty.bootstrap.Bootstrap;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.nettyipc.shm.Shm;
import io.nettyipc.shm.ShmAddress;
import io.nettyipc.shm.ShmChannel;
import io.nettyipc.shm.ShmChannelOption;
import io.nettyipc.shm.ShmServerChannel;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;

/** Two connected channels, each on a loop of its own, that lend each other memory. */
final class LentPair implements AutoCloseable {

    static final int MEMORY = 32 << 20;

    private static final AtomicInteger NEXT_NAME = new AtomicInteger();

    private final EventLoopGroup group = new MultiThreadIoEventLoopGroup(2, Shm.newIoHandlerFactory());
    private final BlockingQueue<ShmChannel> children = new LinkedBlockingQueue<>();
    final BlockingQueue<Throwable> failures = new LinkedBlockingQueue<>();
    final ShmChannel client;
    final ShmChannel child;

    LentPair(List<ChannelHandler> atServer, List<ChannelHandler> atClient) throws InterruptedException {
        this(MEMORY, 1024, atServer, atClient);
    }

    /**
     * @param memory    bytes that each side lends
     * @param maxLeases messages that each side may hold
     */
    LentPair(int memory, int maxLeases, List<ChannelHandler> atServer, List<ChannelHandler> atClient)
            throws InterruptedException {
        ShmAddress address =
                ShmAddress.of("lent-pair-" + ProcessHandle.current().pid() + '-' + NEXT_NAME.incrementAndGet());
        new ServerBootstrap()
                .group(group)
                .channel(ShmServerChannel.class)
                .childOption(ShmChannelOption.SHM_LEASE_SEND_MEMORY, memory)
                .childOption(ShmChannelOption.SHM_LEASE_RECEIVE_MEMORY, memory)
                .childOption(ShmChannelOption.SHM_MAX_LEASES, maxLeases)
                .childOption(ChannelOption.ALLOW_HALF_CLOSURE, true)
                .childHandler(pipeline(atServer, children))
                .bind(address)
                .sync();
        client = (ShmChannel) new Bootstrap()
                .group(group)
                .channel(ShmChannel.class)
                .option(ShmChannelOption.SHM_LEASE_SEND_MEMORY, memory)
                .option(ShmChannelOption.SHM_LEASE_RECEIVE_MEMORY, memory)
                .option(ShmChannelOption.SHM_MAX_LEASES, maxLeases)
                .option(ChannelOption.ALLOW_HALF_CLOSURE, true)
                .handler(pipeline(atClient, new LinkedBlockingQueue<>()))
                .connect(address)
                .sync()
                .channel();
        child = children.poll(20, TimeUnit.SECONDS);
        assertNotNull(child, "the server has no channel");
    }

    private ChannelHandler pipeline(List<ChannelHandler> handlers, BlockingQueue<ShmChannel> active) {
        return new ChannelInitializer<>() {
            @Override
            protected void initChannel(Channel channel) {
                channel.pipeline().addLast(handlers.toArray(new ChannelHandler[0]));
                channel.pipeline().addLast(new ChannelInboundHandlerAdapter() {
                    @Override
                    public void channelActive(ChannelHandlerContext ctx) {
                        active.add((ShmChannel) ctx.channel());
                    }

                    @Override
                    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
                        failures.add(cause);
                    }
                });
            }
        };
    }

    /** A message in memory that a channel lends, if there is room. */
    static ByteBuf message(ShmChannel channel, int size, long seed) {
        return fill(channel.sharedAllocator().directBuffer(size), size, seed);
    }

    static ByteBuf fill(ByteBuf buffer, int size, long seed) {
        buffer.writeBytes(bytes(size, seed));
        return buffer;
    }

    static byte[] bytes(int size, long seed) {
        byte[] bytes = new byte[size];
        new SplittableRandom(seed).nextBytes(bytes);
        return bytes;
    }

    static void assertContent(int size, long seed, ByteBuf received) {
        assertArrayEquals(bytes(size, seed), ByteBufUtil.getBytes(received));
    }

    static void assertNotCopied(ByteBuffer written, ByteBuf received) {
        assertTrue(received.isReadOnly(), "copied");
        assertEquals(1, received.nioBufferCount(), "in parts");
        assertSameMemory(written, received);
    }

    /** Changes what was written, where it was written, and looks whether what was received changes with it. */
    static void assertSameMemory(ByteBuffer written, ByteBuf received) {
        assertEquals(Unpooled.wrappedBuffer(written), received);
        for (int i = 0; i < written.remaining(); i++) {
            written.put(i, (byte) ~written.get(i));
        }
        assertEquals(Unpooled.wrappedBuffer(written), received, "copied");
    }

    static void releaseByAnotherThread(List<ByteBuf> messages) throws Exception {
        CompletableFuture.runAsync(() -> messages.forEach(ByteBuf::release)).get(20, TimeUnit.SECONDS);
        messages.clear();
    }

    /** Whatever was lent is its lender's again, and no handler has failed. */
    void assertAllReturned() throws InterruptedException {
        assertAllReturnedAfterAFailure();
        assertTrue(failures.isEmpty(), failures::toString);
    }

    void assertAllReturnedAfterAFailure() throws InterruptedException {
        for (ShmChannel channel : List.of(client, child)) {
            await(() -> channel.leaseMetrics().held() == 0
                    && channel.leaseMetrics().peerHolds() == 0
                    && channel.leaseMetrics().memoryInUse() == 0);
            assertEquals(0, channel.leaseMetrics().held(), () -> "" + channel.leaseMetrics());
            assertEquals(0, channel.leaseMetrics().peerHolds(), () -> "" + channel.leaseMetrics());
            assertEquals(0, channel.leaseMetrics().memoryInUse(), () -> "" + channel.leaseMetrics());
        }
    }

    /** Counted by the channel's loop, after the peer has got the message. */
    static void assertSent(long messages, ShmChannel channel) throws InterruptedException {
        await(() -> channel.leaseMetrics().sent() == messages);
        assertEquals(messages, channel.leaseMetrics().sent());
    }

    /** Waits until a condition holds, or long enough. */
    static void await(BooleanSupplier condition) throws InterruptedException {
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
        while (!condition.getAsBoolean() && System.nanoTime() < end) {
            Thread.sleep(1);
        }
    }

    @Override
    public void close() {
        group.shutdownGracefully(0, 10, TimeUnit.SECONDS);
        assertTrue(group.terminationFuture().awaitUninterruptibly(20, TimeUnit.SECONDS));
    }
}
