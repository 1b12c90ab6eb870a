/* Copyright 2026 The Netty IPC Authors. Licensed under the Apache License, Version 2.0; see LICENSE. */
package io.nettyipc.shm;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

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
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.util.concurrent.EventExecutor;
import io.nettyipc.shm.testing.FlightRecording;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import jdk.jfr.consumer.RecordedEvent;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class FlightRecorderTest {

    private static final int CAPACITY = 4096;
    private static final int LENT = 1 << 20;
    private static final AtomicInteger NEXT_NAME = new AtomicInteger();

    private final EventLoopGroup servers =
            new MultiThreadIoEventLoopGroup(1, Shm.newIoHandlerFactory(ShmSpinStrategy.NONE));
    private final EventLoopGroup clients =
            new MultiThreadIoEventLoopGroup(1, Shm.newIoHandlerFactory(ShmSpinStrategy.NONE));
    private final ShmAddress address =
            ShmAddress.of("recorded-" + ProcessHandle.current().pid() + '-' + NEXT_NAME.incrementAndGet());
    private final BlockingQueue<Channel> active = new LinkedBlockingQueue<>();
    private final BlockingQueue<Throwable> failures = new LinkedBlockingQueue<>();
    private final BlockingQueue<Integer> answers = new LinkedBlockingQueue<>();

    @AfterEach
    void shutDown() throws InterruptedException {
        clients.shutdownGracefully(0, 10, TimeUnit.SECONDS).sync();
        servers.shutdownGracefully(0, 10, TimeUnit.SECONDS).sync();
    }

    private ServerBootstrap server() {
        return new ServerBootstrap()
                .group(servers)
                .channel(ShmServerChannel.class)
                .childOption(ShmChannelOption.SHM_RECEIVE_CAPACITY, CAPACITY)
                .childHandler(new ChannelInitializer<>() {
                    @Override
                    protected void initChannel(Channel channel) {
                        channel.pipeline().addLast(new Observer(), new Echo());
                    }
                });
    }

    /** Tells the test what happens to a server's channel. */
    private final class Observer extends ChannelInboundHandlerAdapter {
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
    }

    private Bootstrap client() {
        return new Bootstrap()
                .group(clients)
                .channel(ShmChannel.class)
                .option(ShmChannelOption.SHM_RECEIVE_CAPACITY, 2 * CAPACITY)
                .handler(new SimpleChannelInboundHandler<ByteBuf>() {
                    @Override
                    protected void channelRead0(ChannelHandlerContext ctx, ByteBuf msg) {
                        answers.add(msg.readableBytes());
                    }
                });
    }

    private static <T> T next(BlockingQueue<T> queue) throws InterruptedException {
        T next = queue.poll(20, TimeUnit.SECONDS);
        assertNotNull(next, "doesn't come");
        return next;
    }

    private static List<RecordedEvent> of(Channel channel, List<RecordedEvent> events) {
        return events.stream()
                .filter(event -> event.getString("channel").equals(channel.id().asShortText()))
                .toList();
    }

    @Test
    void aConnectionIsRecordedAtBothEndsWithItsTerms() throws Exception {
        server().bind(address).sync();
        try (FlightRecording recording = new FlightRecording("io.nettyipc.ShmConnect")) {
            ShmChannel client = (ShmChannel) client().connect(address).sync().channel();
            Channel child = next(active);
            List<RecordedEvent> events = recording.stop();

            assertEquals(2, events.size(), events::toString);
            RecordedEvent event = of(client, events).get(0);
            assertFalse(event.getBoolean("server"));
            assertEquals(client.remoteAddress().toString(), event.getString("address"));
            assertEquals(Shm.peer(client).processId(), event.getLong("peerProcess"));
            assertEquals(Shm.peer(client).user(), event.getString("peerUser"));
            assertEquals(client.terms().memory().name(), event.getString("memory"));
            assertEquals(client.terms().doorbell().name(), event.getString("doorbell"));
            assertEquals(CAPACITY, event.getLong("sendCapacity"));
            assertEquals(2 * CAPACITY, event.getLong("receiveCapacity"));
            assertEquals("NONE", event.getString("spinning"));
            assertFalse(event.getDuration().isZero(), "connecting takes no time");
            RecordedEvent other = of(child, events).get(0);
            assertTrue(other.getBoolean("server"));
            assertEquals(2 * CAPACITY, other.getLong("sendCapacity"));
            assertEquals(CAPACITY, other.getLong("receiveCapacity"));
        }
    }

    @Test
    void aHandshakeThatIsRefusedIsRecordedAtBothEndsWithTheReason() throws Exception {
        server().option(ShmChannelOption.SHM_MAX_MEMORY, 1L).bind(address).sync();
        try (FlightRecording recording = new FlightRecording("io.nettyipc.ShmRefusal")) {
            ChannelFuture connect = client().connect(address).await();
            String reason = next(failures).getMessage();
            List<RecordedEvent> events = recording.stop();

            assertTrue(reason.contains("SHM_MAX_MEMORY"), reason);
            assertEquals(2, events.size(), events::toString);
            RecordedEvent event = of(connect.channel(), events).get(0);
            assertFalse(event.getBoolean("server"));
            assertEquals(address.toString(), event.getString("address"));
            assertEquals(connect.cause().getMessage(), event.getString("reason"));
            RecordedEvent other = events.get(events.indexOf(event) ^ 1);
            assertTrue(other.getBoolean("server"));
            assertEquals(address.toString(), other.getString("address"));
            assertEquals(reason, other.getString("reason"));
        }
    }

    @Test
    void aServerThatIsNotThereIsRecordedWithItsAddress() throws Exception {
        try (FlightRecording recording = new FlightRecording("io.nettyipc.ShmRefusal")) {
            ChannelFuture connect = client().connect(address).await();
            List<RecordedEvent> events = recording.stop();

            assertEquals(1, events.size(), events::toString);
            assertEquals(address.toString(), events.get(0).getString("address"));
            assertEquals(connect.cause().getMessage(), events.get(0).getString("reason"));
        }
    }

    @Test
    void aFullRingIsRecordedWhenTheWriterGoesOn() throws Exception {
        server().childOption(ChannelOption.AUTO_READ, false).bind(address).sync();
        ShmChannel client = (ShmChannel) client().connect(address).sync().channel();
        Channel child = next(active);
        try (FlightRecording recording = new FlightRecording("io.nettyipc.ShmRingFull")) {
            ChannelFuture write = client.writeAndFlush(Unpooled.wrappedBuffer(new byte[CAPACITY + 1]));
            // The loop has written what there is room for.
            client.eventLoop().submit(() -> {}).sync();
            assertFalse(write.isDone(), "there is room for more than the ring has");
            child.config().setAutoRead(true);
            write.sync();
            List<RecordedEvent> events = recording.stop();

            assertEquals(1, events.size(), events::toString);
            RecordedEvent event = of(client, events).get(0);
            assertEquals(CAPACITY, event.getLong("capacity"));
            assertEquals(client.remoteAddress().toString(), event.getString("address"));
            assertFalse(event.getDuration().isZero(), "waiting takes no time");
        }
    }

    @Test
    void messagesThatAreCopiedForLackOfLentMemoryAreRecorded() throws Exception {
        server().childOption(ShmChannelOption.SHM_LEASE_RECEIVE_MEMORY, LENT)
                .bind(address)
                .sync();
        ShmChannel client = (ShmChannel) client().option(ShmChannelOption.SHM_LEASE_SEND_MEMORY, LENT)
                .connect(address)
                .sync()
                .channel();
        try (FlightRecording recording = new FlightRecording("io.nettyipc.ShmLeasesExhausted")) {
            ByteBuf first = client.sharedAllocator().directBuffer(LENT);
            ByteBuf second = client.sharedAllocator().directBuffer(LENT);
            first.release();
            second.release();
            client.eventLoop().submit(() -> {}).sync();
            List<RecordedEvent> events = recording.stop();

            assertEquals(1, events.size(), events::toString);
            RecordedEvent event = of(client, events).get(0);
            assertEquals(ShmLeasesExhaustedEvent.MEMORY.name(), event.getString("limit"));
            assertEquals(client.remoteAddress().toString(), event.getString("address"));
        }
    }

    @Test
    void aLoopsSleepIsRecordedWithWhatWokeIt() throws Exception {
        server().bind(address).sync();
        ShmChannel client = (ShmChannel) client().connect(address).sync().channel();
        EventExecutor loop = servers.next();
        String thread = loop.submit(() -> Thread.currentThread().getName()).get();
        try (FlightRecording recording = new FlightRecording("io.nettyipc.ShmLoopSleep")) {
            int answered = 0;
            while (answered < 100) {
                client.writeAndFlush(Unpooled.wrappedBuffer(new byte[1]));
                answered += next(answers);
            }
            // After the sleep that the last message ended.
            loop.submit(() -> {}).sync();
            List<RecordedEvent> events = recording.stop();

            List<RecordedEvent> woken = events.stream()
                    .filter(event -> event.getThread().getJavaName().equals(thread) && event.getInt("events") > 0)
                    .toList();
            assertFalse(woken.isEmpty(), events::toString);
            for (RecordedEvent event : woken) {
                assertEquals(1, event.getInt("connections"), event::toString);
            }
        }
    }
}
