/* Copyright 2026 The Netty IPC Authors. Licensed under the Apache License, Version 2.0; see LICENSE. */
package io.nettyipc.codec.call;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.netty.bootstrap.Bootstrap;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.netty.util.concurrent.Future;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Calls over a real connection, from several threads. */
class CallSocketTest {

    private static final int ECHO = 1;
    private static final int SEND = 2;
    private static final int HANG = 3;
    private static final int MESSAGES = 2_000;
    private static final int LENGTH = 32 * 1024;

    private final CountDownLatch hanging = new CountDownLatch(1);
    private final CountDownLatch hungUp = new CountDownLatch(1);
    private final AtomicInteger written = new AtomicInteger();
    private final AtomicLong mostPending = new AtomicLong();
    private EventLoopGroup group;
    private Channel server;
    private Channel channel;
    private CallClientHandler client;

    @BeforeEach
    void connect() throws InterruptedException {
        CallLimits limits = new CallLimits(64 * 1024 * 1024, 256 * 1024, 10_000);
        group = new MultiThreadIoEventLoopGroup(2, NioIoHandler.newFactory());
        server = new ServerBootstrap()
                .group(group)
                .channel(NioServerSocketChannel.class)
                .childHandler(new ChannelInitializer<>() {
                    @Override
                    protected void initChannel(Channel accepted) {
                        accepted.pipeline().addLast(new CallServerHandler(CallSocketTest.this::service, limits));
                    }
                })
                .bind(InetAddress.getLoopbackAddress(), 0)
                .sync()
                .channel();
        client = new CallClientHandler(limits);
        channel = new Bootstrap()
                .group(group)
                .channel(NioSocketChannel.class)
                .handler(client)
                .connect(server.localAddress())
                .sync()
                .channel();
    }

    @AfterEach
    void close() throws InterruptedException {
        if (!group.isShutdown()) {
            channel.close().sync();
            server.close().sync();
        }
        assertTrue(group.shutdownGracefully(0, 10, TimeUnit.SECONDS).await(20, TimeUnit.SECONDS));
    }

    private CallService service(int method) {
        return switch (method) {
            case ECHO -> CallService.unary((call, request) -> call.end(request));
            case SEND -> call -> new Sender();
            case HANG ->
                call -> {
                    hanging.countDown();
                    return new CallListener() {
                        @Override
                        public void onMessage(Call from, ByteBuf message) {
                            message.release();
                        }

                        @Override
                        public void onEnd(Call from, CallStatus status) {
                            hungUp.countDown();
                        }
                    };
                };
            default -> null;
        };
    }

    /** Sends as long as it may. */
    private final class Sender implements CallListener {
        @Override
        public void onMessage(Call call, ByteBuf message) {
            message.release();
            send(call);
        }

        @Override
        public void onWritable(Call call) {
            send(call);
        }

        private void send(Call call) {
            while (call.isWritable() && written.get() < MESSAGES) {
                ByteBuf message = call.channel()
                        .alloc()
                        .buffer(LENGTH)
                        .writeInt(written.get())
                        .writeZero(LENGTH - 4);
                if (written.incrementAndGet() == MESSAGES) {
                    call.end(message);
                } else {
                    call.write(message);
                }
                mostPending.accumulateAndGet(
                        call.channel().unsafe().outboundBuffer().totalPendingWriteBytes(), Math::max);
            }
        }
    }

    @Test
    void everyThreadGetsTheAnswersToItsRequests() throws Exception {
        int threads = 4;
        ExecutorService callers = Executors.newFixedThreadPool(threads);
        try {
            List<Callable<Void>> tasks = new ArrayList<>();
            for (int thread = 0; thread < threads; thread++) {
                int first = thread * 1_000_000;
                tasks.add(() -> {
                    for (int batch = 0; batch < 50; batch++) {
                        List<Future<ByteBuf>> responses = new ArrayList<>();
                        for (int i = 0; i < 100; i++) {
                            responses.add(
                                    client.call(ECHO, Unpooled.buffer().writeInt(first + i), 60, TimeUnit.SECONDS));
                        }
                        for (int i = 0; i < 100; i++) {
                            ByteBuf response = responses.get(i).get();
                            assertEquals(first + i, response.readInt());
                            response.release();
                        }
                    }
                    return null;
                });
            }
            for (java.util.concurrent.Future<Void> done : callers.invokeAll(tasks)) {
                done.get();
            }
        } finally {
            callers.shutdownNow();
        }
    }

    @Test
    void aMessageOf64MebibytesGoesThereAndBack() throws Exception {
        byte[] request = new byte[64 * 1024 * 1024];
        new Random(1).nextBytes(request);
        ByteBuf response = client.call(ECHO, Unpooled.wrappedBuffer(request)).get();
        byte[] echoed = ByteBufUtil.getBytes(response);
        response.release();
        assertArrayEquals(request, echoed);
    }

    @Test
    void aSlowReaderHoldsTheSenderBackAndTheSenderTheChannel() throws Exception {
        Recorder ends = new Recorder();
        AtomicInteger got = new AtomicInteger();
        Call call = client.open(SEND, new CallListener() {
            @Override
            public void onMessage(Call from, ByteBuf message) {
                int number = message.readInt();
                message.release();
                if (number == got.getAndIncrement()) {
                    ends.events.add(number);
                }
            }

            @Override
            public void onEnd(Call from, CallStatus status) {
                ends.events.add(status);
            }
        });
        call.setAutoRead(false);
        call.write(Unpooled.EMPTY_BUFFER);
        for (int i = 0; i < MESSAGES; i++) {
            if (i < 100) {
                // The sender has time: it could send everything meanwhile.
                client.call(ECHO, Unpooled.buffer().writeInt(i)).get().release();
                int ahead = written.get() - i;
                assertTrue(ahead <= 256 / 32 + 1, () -> "the sender is " + ahead + " messages ahead");
            }
            call.read();
            assertEquals(i, ends.next());
        }
        call.read();
        assertEquals(CallStatus.OK, ends.end());
        // The high-water mark of 64 KiB and a message.
        assertTrue(mostPending.get() <= (64 + 32 + 8) * 1024, mostPending::toString);
    }

    @Test
    void aCallEndsAtBothSidesAtItsDeadline() throws Exception {
        Future<ByteBuf> response = client.call(HANG, Unpooled.buffer().writeInt(1), 200, TimeUnit.MILLISECONDS);

        assertTrue(response.await(20, TimeUnit.SECONDS));
        assertEquals(
                CallStatus.Code.DEADLINE_EXCEEDED,
                assertInstanceOf(CallException.class, response.cause()).status().code());
        assertTrue(hungUp.await(20, TimeUnit.SECONDS));
    }

    @Test
    void aCallAfterTheEventLoopsEndFails() throws Exception {
        channel.close().sync();
        server.close().sync();
        assertTrue(group.shutdownGracefully(0, 10, TimeUnit.SECONDS).await(20, TimeUnit.SECONDS));
        ByteBuf request = Unpooled.buffer().writeInt(1);

        Future<ByteBuf> response = client.call(ECHO, request);

        assertFalse(response.isSuccess());
        assertTrue(response.isDone());
        assertEquals(0, request.refCnt());
    }

    @Test
    void whatIsAskedOfACallAfterTheEventLoopsEndDoesNothing() throws Exception {
        Recorder events = new Recorder();
        Call call = client.open(HANG, events);
        Future<ByteBuf> response = client.call(HANG, Unpooled.buffer().writeInt(1));
        channel.close().sync();
        server.close().sync();
        assertTrue(group.shutdownGracefully(0, 10, TimeUnit.SECONDS).await(20, TimeUnit.SECONDS));
        assertEquals(CallStatus.Code.UNAVAILABLE, events.end().code());

        ByteBuf message = Unpooled.buffer().writeInt(1);
        call.write(message);
        ByteBuf last = Unpooled.buffer().writeInt(1);
        call.end(last);
        call.end();
        call.setAutoRead(false);
        call.read();
        call.cancel();
        response.cancel(false);
        assertFalse(call.isWritable());
        assertTrue(client.shutdown().isDone());
        Recorder late = new Recorder();
        client.open(HANG, late);
        assertEquals(CallStatus.Code.UNAVAILABLE, late.end().code());
        assertEquals(0, message.refCnt());
        assertEquals(0, last.refCnt());
        assertEquals(0, events.events.size());
    }

    @Test
    void aThreadIsHeldBackWhileTheEventLoopIsBusyAndToldWhenItMayGoOn() throws Exception {
        Semaphore writable = new Semaphore(0);
        Call call = client.open(HANG, new CallListener() {
            @Override
            public void onMessage(Call from, ByteBuf message) {
                message.release();
            }

            @Override
            public void onWritable(Call from) {
                writable.release();
            }
        });
        for (int round = 0; round < 20; round++) {
            while (!call.isWritable()) {
                assertTrue(writable.tryAcquire(20, TimeUnit.SECONDS), "nobody has told that it may go on");
            }
            CountDownLatch busy = new CountDownLatch(1);
            CountDownLatch free = new CountDownLatch(1);
            channel.eventLoop().execute(() -> {
                busy.countDown();
                awaitUninterruptibly(free);
            });
            assertTrue(busy.await(20, TimeUnit.SECONDS));
            int bytes = 0;
            // The channel's high-water mark, and a message.
            while (call.isWritable() && bytes <= 64 * 1024) {
                call.write(Unpooled.buffer(1_024).writeZero(1_024));
                bytes += 1_024;
            }
            boolean heldBack = !call.isWritable();
            writable.drainPermits();
            free.countDown();
            assertTrue(heldBack, "beyond the channel's high-water mark");
            assertTrue(writable.tryAcquire(20, TimeUnit.SECONDS), "nobody has told that it may go on");
        }
    }

    private static void awaitUninterruptibly(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void callsEndWhenTheConnectionIsLost() throws Exception {
        Future<ByteBuf> response = client.call(HANG, Unpooled.buffer().writeInt(1));
        assertTrue(hanging.await(20, TimeUnit.SECONDS));
        channel.close();

        assertTrue(response.await(20, TimeUnit.SECONDS));
        assertFalse(response.isSuccess());
        assertTrue(hungUp.await(20, TimeUnit.SECONDS));
    }
}
