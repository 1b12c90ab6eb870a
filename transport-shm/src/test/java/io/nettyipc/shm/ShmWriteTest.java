/* Copyright 2026 The Netty IPC Authors. Licensed under the Apache License, Version 2.0; see LICENSE. */
package io.nettyipc.shm;

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
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.WriteBufferWaterMark;
import io.netty.channel.socket.ChannelOutputShutdownException;
import io.netty.channel.socket.DuplexChannel;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.channels.ClosedChannelException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * What a user may rely on between a write and its end, whether the message goes to the ring as it is written or waits in
 * the outbound buffer.
 */
@Timeout(60)
class ShmWriteTest {

    private static final AtomicInteger NEXT_NAME = new AtomicInteger();
    private static final int CAPACITY = 64 << 10;

    private final EventLoopGroup servers = new MultiThreadIoEventLoopGroup(1, Shm.newIoHandlerFactory());
    private final EventLoopGroup clients = new MultiThreadIoEventLoopGroup(1, Shm.newIoHandlerFactory());
    private final Received received = new Received();
    private Channel child;
    private Channel client;

    @BeforeEach
    void connect() throws Exception {
        CountDownLatch accepted = new CountDownLatch(1);
        ShmAddress address =
                ShmAddress.of("write-" + ProcessHandle.current().pid() + '-' + NEXT_NAME.incrementAndGet());
        new ServerBootstrap()
                .group(servers)
                .channel(ShmServerChannel.class)
                .childOption(ShmChannelOption.SHM_RECEIVE_CAPACITY, CAPACITY)
                .childOption(ChannelOption.ALLOW_HALF_CLOSURE, true)
                .childHandler(new ChannelInboundHandlerAdapter() {
                    @Override
                    public void handlerAdded(ChannelHandlerContext ctx) {
                        child = ctx.channel();
                        ctx.pipeline().addLast(received);
                        accepted.countDown();
                    }
                })
                .bind(address)
                .sync();
        client = new Bootstrap()
                .group(clients)
                .channel(ShmChannel.class)
                .handler(new ChannelInboundHandlerAdapter())
                .connect(address)
                .sync()
                .channel();
        assertTrue(accepted.await(20, TimeUnit.SECONDS));
    }

    @AfterEach
    void shutDown() {
        for (EventLoopGroup group : List.of(servers, clients)) {
            group.shutdownGracefully(0, 10, TimeUnit.SECONDS);
            assertTrue(group.terminationFuture().awaitUninterruptibly(20, TimeUnit.SECONDS));
        }
    }

    /** Runs on the client's event loop, in one piece. */
    private <T> T onLoop(Callable<T> work) throws Exception {
        return clients.submit(work).get(20, TimeUnit.SECONDS);
    }

    private ChannelFuture write(String text) {
        return client.write(Unpooled.copiedBuffer(text, StandardCharsets.US_ASCII));
    }

    private void writeVoid(String text) {
        client.write(Unpooled.copiedBuffer(text, StandardCharsets.US_ASCII), client.voidPromise());
    }

    @Test
    void nothingIsSentOrFulfilledBeforeItIsFlushed() throws Exception {
        ChannelFuture first = onLoop(() -> write("first "));
        ChannelFuture second = onLoop(() -> write("second"));
        // The peer has time to see what it must not.
        Thread.sleep(100);
        assertEquals("", received.text());
        assertFalse(first.isDone());
        client.flush();
        received.await("first second");
        assertTrue(first.sync().isSuccess() && second.sync().isSuccess());
    }

    @Test
    void aWriteThatIsCancelledBeforeItsFlushIsNotSentAndTheOthersAre() throws Exception {
        List<ChannelFuture> futures = onLoop(() -> {
            List<ChannelFuture> written = new ArrayList<>();
            written.add(write("a"));
            writeVoid("bc");
            written.add(write("DEF"));
            written.add(write("g"));
            writeVoid("h");
            written.add(write("IJ"));
            written.add(write("KL"));
            writeVoid("m");
            for (int cancelled : new int[] {1, 3, 4}) {
                assertTrue(written.get(cancelled).cancel(false));
            }
            client.flush();
            return written;
        });
        received.await("abcghm");
        assertTrue(futures.get(0).sync().isSuccess());
        assertTrue(futures.get(1).isCancelled());
        assertTrue(futures.get(2).sync().isSuccess());
    }

    @Test
    void aMessageIsReleasedWhenItIsFlushedOrTheChannelCloses() throws Exception {
        List<ByteBuf> flushed = onLoop(() -> {
            List<ByteBuf> messages = new ArrayList<>();
            for (String text : new String[] {"a", "b", "c"}) {
                ByteBuf message = Unpooled.copiedBuffer(text, StandardCharsets.US_ASCII);
                messages.add(message);
                client.write(message);
            }
            client.flush();
            return messages;
        });
        flushed.forEach(message -> assertEquals(0, message.refCnt()));
        ByteBuf notFlushed = Unpooled.copiedBuffer("d", StandardCharsets.US_ASCII);
        onLoop(() -> client.write(notFlushed));
        client.close().sync();
        assertEquals(0, notFlushed.refCnt());
    }

    @Test
    void whatIsNotFlushedWhenTheChannelClosesFailsAndIsNotSent() throws Exception {
        ChannelFuture lost = onLoop(() -> {
            writeVoid("sent");
            client.flush();
            writeVoid("not ");
            ChannelFuture future = write("sent");
            client.close();
            return future;
        });
        assertTrue(lost.await(20, TimeUnit.SECONDS));
        assertInstanceOf(ClosedChannelException.class, lost.cause());
        assertTrue(received.ended.await(20, TimeUnit.SECONDS));
        assertEquals("sent", received.text());
    }

    @Test
    void whatIsNotFlushedWhenTheOutputIsShutDownFailsAndIsNotSent() throws Exception {
        ChannelFuture lost = onLoop(() -> {
            writeVoid("sent");
            client.flush();
            ChannelFuture future = write("not sent");
            ((DuplexChannel) client).shutdownOutput();
            return future;
        });
        assertTrue(lost.await(20, TimeUnit.SECONDS));
        assertInstanceOf(ChannelOutputShutdownException.class, lost.cause());
        assertTrue(received.ended.await(20, TimeUnit.SECONDS));
        assertEquals("sent", received.text());
    }

    @Test
    void messagesKeepTheirOrderHoweverTheyAreWritten() throws Exception {
        long seed = System.nanoTime();
        Random random = new Random(seed);
        ByteArrayOutputStream expected = new ByteArrayOutputStream();
        List<ChannelFuture> futures = new ArrayList<>();
        for (int i = 0; i < 3000; i++) {
            // Mostly small ones, some that don't fit, some larger than the ring, some empty.
            int length = random.nextInt(50) == 0 ? random.nextInt(100_000) : random.nextInt(300);
            byte[] bytes = new byte[random.nextInt(20) == 0 ? 0 : length];
            random.nextBytes(bytes);
            expected.writeBytes(bytes);
            ByteBuf buffer = random.nextBoolean()
                    ? Unpooled.wrappedBuffer(bytes)
                    : client.alloc().directBuffer().writeBytes(bytes);
            boolean flush = random.nextInt(5) == 0;
            boolean voidPromise = random.nextInt(3) == 0;
            clients.execute(() -> {
                if (voidPromise) {
                    client.write(buffer, client.voidPromise());
                } else {
                    ChannelFuture future = client.write(buffer);
                    synchronized (futures) {
                        futures.add(future);
                    }
                }
                if (flush) {
                    client.flush();
                }
            });
        }
        client.flush();
        received.await(expected.size());
        assertArrayEquals(expected.toByteArray(), received.bytes(), () -> "seed " + seed);
        synchronized (futures) {
            for (ChannelFuture future : futures) {
                assertTrue(future.await(20, TimeUnit.SECONDS), () -> "never done, seed " + seed);
                assertTrue(future.isSuccess());
            }
        }
    }

    @Test
    void aListenerMayWriteFlushAndCloseInTheMiddleOfAFlush() throws Exception {
        List<ChannelFuture> futures = onLoop(() -> {
            List<ChannelFuture> written = new ArrayList<>();
            written.add(write("1"));
            written.add(write("2"));
            written.add(write("3"));
            written.get(0).addListener(f -> {
                written.add(write("4"));
                client.flush();
                written.add(write("not flushed"));
            });
            written.get(1).addListener(f -> client.close());
            client.flush();
            return written;
        });
        assertTrue(received.ended.await(20, TimeUnit.SECONDS));
        assertEquals("1234", received.text());
        assertEquals(5, futures.size());
        for (ChannelFuture future : futures.subList(0, 4)) {
            assertTrue(future.await(20, TimeUnit.SECONDS) && future.isSuccess(), () -> "" + future.cause());
        }
        assertTrue(futures.get(4).await(20, TimeUnit.SECONDS));
        assertInstanceOf(ClosedChannelException.class, futures.get(4).cause());
    }

    @Test
    void writingWithoutAFlushMakesTheChannelUnwritableWhenNobodyReads() throws Exception {
        child.config().setAutoRead(false);
        client.config().setWriteBufferWaterMark(new WriteBufferWaterMark(8 << 10, 16 << 10));
        int written = onLoop(() -> {
            int bytes = 0;
            while (client.isWritable() && bytes < 10_000_000) {
                client.write(client.alloc().buffer().writeZero(1000), client.voidPromise());
                bytes += 1000;
            }
            return bytes;
        });
        assertTrue(written >= CAPACITY && written < 2 * CAPACITY, written + " bytes made it unwritable");
        client.flush();
        child.config().setAutoRead(true);
        received.await(written);
        // The last bytes can be there before the client's loop, which showed them, has gone on to say so.
        assertTrue(onLoop(client::isWritable));
    }

    /** A handler that goes on as soon as it may, as those of files and of streams do. */
    @Test
    void aWriterThatWasStoppedByAFullRingIsToldWhenItMayGoOn() throws Exception {
        int total = 20 * CAPACITY;
        AtomicInteger written = new AtomicInteger();
        AtomicInteger stops = new AtomicInteger();
        client.pipeline().addLast(new ChannelInboundHandlerAdapter() {
            @Override
            public void channelWritabilityChanged(ChannelHandlerContext ctx) {
                if (ctx.channel().isWritable()) {
                    fill(ctx);
                } else {
                    stops.incrementAndGet();
                }
            }

            @Override
            public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
                fill(ctx);
            }

            private void fill(ChannelHandlerContext ctx) {
                while (ctx.channel().isWritable() && written.get() < total) {
                    written.addAndGet(64);
                    ctx.write(ctx.alloc().buffer(64).writeZero(64), ctx.voidPromise());
                }
                ctx.flush();
            }
        });
        child.config().setAutoRead(false);
        client.pipeline().fireUserEventTriggered("begin");
        onLoop(() -> null);
        assertFalse(client.isWritable());
        child.config().setAutoRead(true);
        received.await(total);
        assertTrue(stops.get() > 0, "never stopped");
    }

    @Test
    void aWriteToAPeerThatHasClosedFails() throws Exception {
        child.config().setAutoRead(false);
        client.config().setAutoRead(false);
        // Unread, so that the client's end stays open and is not told.
        child.writeAndFlush(Unpooled.copiedBuffer("unread", StandardCharsets.US_ASCII))
                .sync();
        child.close().sync();
        ChannelFuture failed = null;
        for (int i = 0; i < 1000 && (failed == null || failed.isSuccess()); i++) {
            failed = client.writeAndFlush(Unpooled.copiedBuffer("x", StandardCharsets.US_ASCII));
            assertTrue(failed.await(20, TimeUnit.SECONDS));
        }
        assertFalse(failed.isSuccess(), "a thousand writes succeeded");
        assertInstanceOf(IOException.class, failed.cause());
    }

    private static final class Received extends ChannelInboundHandlerAdapter {
        final CountDownLatch ended = new CountDownLatch(1);
        private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();

        @Override
        public void channelRead(ChannelHandlerContext ctx, Object msg) {
            ByteBuf data = (ByteBuf) msg;
            synchronized (this) {
                bytes.writeBytes(ByteBufUtil.getBytes(data));
                notifyAll();
            }
            data.release();
        }

        @Override
        public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
            ended.countDown();
        }

        @Override
        public void channelInactive(ChannelHandlerContext ctx) {
            ended.countDown();
        }

        synchronized byte[] bytes() {
            return bytes.toByteArray();
        }

        String text() {
            return new String(bytes(), StandardCharsets.US_ASCII);
        }

        void await(String text) throws InterruptedException {
            await(text.length());
            assertEquals(text, text());
        }

        synchronized void await(int size) throws InterruptedException {
            long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
            while (bytes.size() < size) {
                assertTrue(System.nanoTime() < deadline, () -> bytes.size() + " bytes came of " + size);
                wait(100);
            }
            assertEquals(size, bytes.size());
        }
    }
}
