/* Copyright 2026 The Netty IPC Authors. Licensed under the Apache License, Version 2.0; see LICENSE. */
package io.nettyipc.shm;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.netty.bootstrap.Bootstrap;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.DefaultEventLoop;
import io.netty.channel.DefaultFileRegion;
import io.netty.channel.EventLoop;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.SimpleChannelInboundHandler;
import io.nettyipc.shm.ring.RingLayout;
import io.nettyipc.shm.segment.Segment;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class ShmMetricsTest {

    private static final int CAPACITY = 32 << 10;
    private static final int GROWN = 128 << 10;
    private static final AtomicInteger NEXT_NAME = new AtomicInteger();

    @TempDir
    Path directory;

    private final List<EventLoopGroup> groups = new ArrayList<>();
    private final ShmAddress address =
            ShmAddress.of("metrics-" + ProcessHandle.current().pid() + '-' + NEXT_NAME.incrementAndGet());
    private final BlockingQueue<Channel> active = new LinkedBlockingQueue<>();
    private final BlockingQueue<Throwable> failures = new LinkedBlockingQueue<>();
    private final BlockingQueue<Integer> answers = new LinkedBlockingQueue<>();

    @AfterEach
    void shutDown() throws InterruptedException {
        for (EventLoopGroup group : groups) {
            group.shutdownGracefully(0, 10, TimeUnit.SECONDS).sync();
        }
    }

    private EventLoopGroup group(ShmSpinStrategy strategy) {
        EventLoopGroup group = new MultiThreadIoEventLoopGroup(1, Shm.newIoHandlerFactory(strategy));
        groups.add(group);
        return group;
    }

    private ServerBootstrap server(EventLoopGroup group) {
        return new ServerBootstrap()
                .group(group)
                .channel(ShmServerChannel.class)
                .childOption(ShmChannelOption.SHM_SEND_CAPACITY, CAPACITY)
                .childOption(ShmChannelOption.SHM_RECEIVE_CAPACITY, CAPACITY)
                .childHandler(new ChannelInitializer<>() {
                    @Override
                    protected void initChannel(Channel channel) {
                        channel.pipeline().addLast(new ChannelInboundHandlerAdapter() {
                            @Override
                            public void channelActive(ChannelHandlerContext ctx) {
                                active.add(ctx.channel());
                                ctx.fireChannelActive();
                            }

                            @Override
                            public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
                                failures.add(cause);
                                ctx.fireExceptionCaught(cause);
                            }
                        });
                        channel.pipeline().addLast(new Echo());
                    }
                });
    }

    private Bootstrap client(EventLoopGroup group) {
        return new Bootstrap()
                .group(group)
                .channel(ShmChannel.class)
                .handler(new SimpleChannelInboundHandler<ByteBuf>() {
                    @Override
                    protected void channelRead0(ChannelHandlerContext ctx, ByteBuf msg) {
                        answers.add(msg.readableBytes());
                    }
                });
    }

    private ShmChannel connect(EventLoopGroup group) throws InterruptedException {
        return (ShmChannel) client(group).connect(address).sync().channel();
    }

    private static <T> T next(BlockingQueue<T> queue) throws InterruptedException {
        T next = queue.poll(20, TimeUnit.SECONDS);
        assertNotNull(next, "doesn't come");
        return next;
    }

    private void awaitAnswers(int bytes) throws InterruptedException {
        for (int left = bytes; left > 0; ) {
            left -= next(answers);
        }
    }

    private static void await(BooleanSupplier condition) throws InterruptedException {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
        while (!condition.getAsBoolean()) {
            assertTrue(System.nanoTime() < deadline, "doesn't come");
            Thread.sleep(1);
        }
    }

    private static ByteBuf bytes(int count) {
        return Unpooled.wrappedBuffer(new byte[count]);
    }

    @Test
    void bytesAndMessagesAreCountedAtBothEndsHoweverTheyAreWritten() throws Exception {
        Path file = directory.resolve("file");
        Files.write(file, new byte[1000]);
        EventLoopGroup group = group(ShmSpinStrategy.NONE);
        server(group).bind(address).sync();
        ShmChannel client = connect(group);
        ShmChannel child = (ShmChannel) next(active);
        client.eventLoop()
                .submit(() -> {
                    // Staged, three of them with the same promise; taken back; longer than what is staged.
                    client.write(bytes(10));
                    client.write(bytes(10), client.voidPromise());
                    client.write(bytes(10), client.voidPromise());
                    client.write(bytes(10), client.voidPromise());
                    client.write(bytes(10)).cancel(false);
                    client.flush();
                    client.writeAndFlush(bytes(100_000));
                })
                .sync();
        client.writeAndFlush(new DefaultFileRegion(file.toFile(), 0, 1000)).sync();
        awaitAnswers(101_040);

        ShmChannelMetrics metrics = client.metrics();
        assertEquals(6, metrics.messagesWritten());
        assertEquals(101_040, metrics.bytesWritten());
        assertEquals(101_040, metrics.bytesRead());
        assertEquals(101_040, child.metrics().bytesRead());
        assertEquals(101_040, child.metrics().bytesWritten());
        // It has sent back each buffer that it got.
        assertEquals(child.metrics().messagesRead(), child.metrics().messagesWritten());
        assertTrue(metrics.messagesRead() > 0);
    }

    @Test
    void aChannelHasTheMemoryOfBothRingsUntilItCloses() throws Exception {
        EventLoopGroup group = group(ShmSpinStrategy.NONE);
        server(group).bind(address).sync();
        ShmChannel client = connect(group);
        client.writeAndFlush(bytes(10)).sync();
        assertEquals(2L * RingLayout.segmentSize(CAPACITY), client.metrics().memory());

        client.close().sync();

        assertEquals(0, client.metrics().memory());
        assertEquals(10, client.metrics().bytesWritten());
        assertEquals(ShmChannelMetrics.NONE, new ShmChannel().metrics(), "one that was never connected");
    }

    /** A client of a server whose rings may grow, where they do. */
    private ShmChannel connectToGrow(EventLoopGroup group, long maxMemory) throws InterruptedException {
        assumeTrue(
                Segment.isTakenBitByBit(Segment.kindOfThisSystem(), RingLayout.segmentSize(GROWN)),
                "the system gives all memory at once");
        server(group)
                .option(ShmChannelOption.SHM_MAX_MEMORY, maxMemory)
                .childOption(ShmChannelOption.SHM_SEND_CAPACITY, GROWN)
                .childOption(ShmChannelOption.SHM_RECEIVE_CAPACITY, GROWN)
                .childOption(ChannelOption.AUTO_READ, false)
                .bind(address)
                .sync();
        ShmChannel client = connect(group);
        assumeTrue(client.terms().memory() == ShmMemory.SEALED, "only sealed rings grow");
        return client;
    }

    @Test
    void aRingThatIsFullUsesAllOfItsMemoryAlsoIfNobodyReads() throws Exception {
        long before = 2L * RingLayout.segmentSize(CAPACITY);
        long after = (long) RingLayout.segmentSize(CAPACITY) + RingLayout.segmentSize(GROWN);
        EventLoopGroup group = group(ShmSpinStrategy.NONE);
        ShmChannel client = connectToGrow(group, 10L * GROWN);
        ShmChannel child = (ShmChannel) next(active);
        ShmServerChannel server = child.parent();
        client.writeAndFlush(bytes(CAPACITY)).sync();
        assertEquals(before, client.metrics().memory());
        client.writeAndFlush(bytes(GROWN - CAPACITY)).sync();
        assertEquals(after, client.metrics().memory());
        assertFalse(client.writeAndFlush(bytes(1)).await(1), "more than the agreed capacity");
        assertEquals(before, child.metrics().memory(), "it has read nothing");
        assertEquals(before, server.metrics().memory());

        child.config().setAutoRead(true);
        awaitAnswers(GROWN + 1);

        assertTrue(child.metrics().memory() >= after, () -> child.metrics().toString());
        assertEquals(child.metrics().memory(), server.metrics().memory());
        client.close().sync();
        await(() -> server.metrics().memory() == 0);
        await(() -> Shm.metrics(group.next()).traffic().memory() == 0);
    }

    @Test
    void aServerThatHasNoMemoryForMoreGoesOnWithTheRingsThatItHas() throws Exception {
        long memory = 2L * RingLayout.segmentSize(CAPACITY);
        ShmChannel client = connectToGrow(group(ShmSpinStrategy.NONE), memory);
        ShmChannel child = (ShmChannel) next(active);
        client.write(bytes(GROWN));
        client.writeAndFlush(bytes(GROWN));
        client.eventLoop().submit(() -> {}).sync();
        assertTrue(client.metrics().memory() > memory, "a client's ring is the client's own");

        child.config().setAutoRead(true);
        awaitAnswers(2 * GROWN);

        assertEquals(memory, child.metrics().memory());
        assertEquals(memory, child.parent().metrics().memory());
    }

    @Test
    void loopsThatSleepRingForEachOther() throws Exception {
        server(group(ShmSpinStrategy.NONE)).bind(address).sync();
        ShmChannel client = connect(group(ShmSpinStrategy.NONE));
        ShmChannel child = (ShmChannel) next(active);
        await(() -> {
            client.writeAndFlush(bytes(1));
            return client.metrics().doorbellsHeard() > 10 && client.metrics().doorbellsRung() > 10;
        });

        assertTrue(child.metrics().doorbellsHeard() > 0, () -> child.metrics().toString());
        assertTrue(child.metrics().doorbellsHeard() <= client.metrics().doorbellsRung());
        assertTrue(client.metrics().doorbellsHeard() <= child.metrics().doorbellsRung());
    }

    @Test
    void aFullRingIsCountedWithTheTimeOfWaiting() throws Exception {
        EventLoopGroup group = group(ShmSpinStrategy.NONE);
        server(group).childOption(ChannelOption.AUTO_READ, false).bind(address).sync();
        ShmChannel client = connect(group);
        Channel child = next(active);
        ChannelFuture write = client.writeAndFlush(bytes(CAPACITY + 1));
        client.eventLoop().submit(() -> {}).sync();
        assertEquals(1, client.metrics().ringFull());
        assertEquals(Duration.ZERO, client.metrics().ringFullTime());

        child.config().setAutoRead(true);
        write.sync();

        assertEquals(1, client.metrics().ringFull());
        assertFalse(client.metrics().ringFullTime().isZero(), "waiting takes no time");
        assertEquals(1, client.metrics().messagesWritten());
    }

    @Test
    void aLoopCountsForAllItsChannelsAlsoThoseThatHaveClosed() throws Exception {
        EventLoopGroup servers = group(ShmSpinStrategy.NONE);
        EventLoopGroup clients = group(ShmSpinStrategy.NONE);
        EventLoop loop = clients.next();
        server(servers).bind(address).sync();
        ShmChannel first = connect(clients);
        ShmChannel second = connect(clients);
        first.writeAndFlush(bytes(10)).sync();
        second.writeAndFlush(bytes(20)).sync();
        awaitAnswers(30);
        first.close().sync();

        ShmLoopMetrics metrics = Shm.metrics(loop);
        assertEquals(ShmSpinStrategy.NONE, metrics.spinStrategy());
        assertEquals(1, metrics.channels());
        assertEquals(30, metrics.traffic().bytesWritten());
        assertEquals(30, metrics.traffic().bytesRead());
        assertEquals(2, metrics.traffic().messagesWritten());
        assertEquals(second.metrics().memory(), metrics.traffic().memory());
        assertTrue(metrics.sleeps() > 0);
        assertEquals(Duration.ZERO, metrics.spinTimePaid());
        assertEquals(Duration.ZERO, metrics.spinTimeInVain());

        clients.shutdownGracefully(0, 10, TimeUnit.SECONDS).sync();
        assertEquals(0, Shm.metrics(loop).channels());
        assertEquals(30, Shm.metrics(loop).traffic().bytesWritten());
    }

    @Test
    void anIdleLoopSleepsMostOfTheTime() throws Exception {
        EventLoopGroup group = group(ShmSpinStrategy.NONE);
        EventLoop loop = group.next();
        loop.submit(() -> {}).sync();
        Duration before = Shm.metrics(loop).sleepTime();
        await(() -> {
            loop.schedule(() -> {}, 10, TimeUnit.MILLISECONDS).awaitUninterruptibly();
            return Shm.metrics(loop).sleepTime().minus(before).toMillis() > 50;
        });
    }

    @Test
    void aBusyLoopCountsTheTimeOfLooking() throws Exception {
        EventLoopGroup busy = group(ShmSpinStrategy.BUSY);
        EventLoop loop = busy.next();
        server(group(ShmSpinStrategy.NONE)).bind(address).sync();
        ShmChannel client = connect(busy);
        await(() -> !Shm.metrics(loop).spinTimeInVain().isZero());
        await(() -> {
            client.writeAndFlush(bytes(1));
            return !Shm.metrics(loop).spinTimePaid().isZero();
        });
    }

    @Test
    void anotherLoopHasNoMetrics() {
        EventLoop other = new DefaultEventLoop();
        groups.add(other);
        assertThrows(IllegalArgumentException.class, () -> Shm.metrics(other));
    }

    @Test
    void aServerCountsWhomItAcceptsAndRefuses() throws Exception {
        EventLoopGroup group = group(ShmSpinStrategy.NONE);
        long memory = 2L * RingLayout.segmentSize(CAPACITY);
        ShmServerChannel server = (ShmServerChannel) server(group)
                .option(ShmChannelOption.SHM_MAX_MEMORY, memory)
                .bind(address)
                .sync()
                .channel();
        ShmChannel client = connect(group);
        next(active);
        assertEquals(new ShmServerMetrics(1, 0, 0, memory), server.metrics());

        assertFalse(client(group).connect(address).await().isSuccess());
        next(failures);
        assertEquals(new ShmServerMetrics(1, 1, 0, memory), server.metrics());

        client.close().sync();
        await(() -> server.metrics().memory() == 0);
    }
}
