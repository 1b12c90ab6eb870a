/* Copyright 2026 The Netty IPC Authors. Licensed under the Apache License, Version 2.0; see LICENSE. */
package io.nettyipc.shm;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.netty.bootstrap.Bootstrap;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelOption;
import io.netty.channel.ChannelProgressiveFuture;
import io.netty.channel.ChannelProgressivePromise;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.WriteBufferWaterMark;
import io.netty.channel.socket.ChannelOutputShutdownException;
import io.netty.channel.socket.DuplexChannel;
import io.netty.util.concurrent.GenericProgressiveFutureListener;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * What a user may rely on between a write and its end, whether the message goes to the ring as it is written or waits
 * in the outbound buffer.
 */
@Timeout(60)
class ShmWriteTest {

    private static final AtomicInteger NEXT_NAME = new AtomicInteger();
    private static final int CAPACITY = 64 << 10;
    /** What Netty counts for each message besides its bytes. */
    private static final int ENTRY_OVERHEAD = 96;

    private final EventLoopGroup servers = new MultiThreadIoEventLoopGroup(1, Shm.newIoHandlerFactory());
    private final EventLoopGroup clients = new MultiThreadIoEventLoopGroup(1, Shm.newIoHandlerFactory());
    private final Received received = new Received();
    private final Told told = new Told();
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
                .handler(told)
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

    /** An accepted socket can be written to at once, and frameworks do so. */
    @Test
    void whatTheServerWritesWhileItInitialisesAChannelIsSentBeforeEverythingElse() throws Exception {
        CompletableFuture<Throwable> written = new CompletableFuture<>();
        ShmAddress address =
                ShmAddress.of("write-" + ProcessHandle.current().pid() + '-' + NEXT_NAME.incrementAndGet());
        new ServerBootstrap()
                .group(servers)
                .channel(ShmServerChannel.class)
                .childHandler(new ChannelInboundHandlerAdapter() {
                    @Override
                    public void handlerAdded(ChannelHandlerContext ctx) {
                        ctx.writeAndFlush(ByteBufUtil.writeAscii(ctx.alloc(), "first "))
                                .addListener(future -> written.complete(future.cause()));
                        ctx.write(ByteBufUtil.writeAscii(ctx.alloc(), "second "));
                    }

                    @Override
                    public void channelActive(ChannelHandlerContext ctx) {
                        ctx.writeAndFlush(ByteBufUtil.writeAscii(ctx.alloc(), "third"))
                                .addListener(ChannelFutureListener.CLOSE);
                    }
                })
                .bind(address)
                .sync();
        Received answer = new Received();

        new Bootstrap()
                .group(clients)
                .channel(ShmChannel.class)
                .handler(answer)
                .connect(address)
                .sync()
                .channel()
                .closeFuture()
                .await(20, TimeUnit.SECONDS);

        assertNull(written.get(20, TimeUnit.SECONDS));
        assertEquals("first second third", answer.text());
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
    void noWriteThatTheEndOfTheOutputTakesBackSucceedsThoughAListenerOfAnotherCloses() throws Exception {
        List<ChannelFuture> futures = onLoop(() -> {
            ChannelFuture closing = write("a");
            closing.addListener(ChannelFutureListener.CLOSE);
            List<ChannelFuture> written = List.of(closing, write("b"), write("c"));
            ((DuplexChannel) client).shutdownOutput();
            return written;
        });
        for (ChannelFuture future : futures) {
            assertTrue(future.await(20, TimeUnit.SECONDS));
            assertInstanceOf(ChannelOutputShutdownException.class, future.cause());
        }
        received.await("");
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

    /** However fast the peer reads: it has nothing to read. The figures are those that a socket's channel gives. */
    @ParameterizedTest
    @CsvSource({
        "1, 1, 1",
        "1, 2, 100",
        "8192, 16384, 1",
        "8192, 16384, 1000",
        "8192, 16384, 16288",
        "32768, 65536, 64",
        "32768, 65536, 8192",
        "32768, 65536, 8193",
        "65536, 131072, 4000"
    })
    void writingWithoutAFlushMakesTheChannelUnwritableAtTheHighWaterMark(int low, int high, int size) throws Exception {
        client.config().setWriteBufferWaterMark(new WriteBufferWaterMark(low, high));
        int written = onLoop(() -> {
            int messages = 0;
            while (client.isWritable()) {
                assertEquals(high + 1 - messages * (size + ENTRY_OVERHEAD), client.bytesBeforeUnwritable());
                assertEquals(0, client.bytesBeforeWritable());
                client.write(client.alloc().buffer().writeZero(size), client.voidPromise());
                messages++;
            }
            assertEquals(0, client.bytesBeforeUnwritable());
            assertEquals(messages * (size + ENTRY_OVERHEAD) - low + 1, client.bytesBeforeWritable());
            assertEquals(List.of(false), told.writable);
            return messages;
        });
        assertEquals(high / (size + ENTRY_OVERHEAD) + 1, written);
        // The peer has time to see what it must not.
        Thread.sleep(20);
        assertEquals("", received.text());
        client.flush();
        received.await(written * size);
        awaitWritable();
        assertEquals(List.of(false, true), told.writable);
        assertEquals(high + 1, client.bytesBeforeUnwritable());
    }

    @Test
    void theChannelsOwnSizeEstimatorIsAsked() throws Exception {
        client.config().setMessageSizeEstimator(() -> msg -> 10_000);
        client.config().setWriteBufferWaterMark(new WriteBufferWaterMark(1, 40_000));
        assertEquals(4, onLoop(() -> {
            int messages = 0;
            while (client.isWritable()) {
                write("x");
                messages++;
            }
            client.flush();
            return messages;
        }));
        received.await("xxxx");
        awaitWritable();
    }

    @Test
    void whatAnotherWriterHasPendingCountsBesideWhatIsStaged() throws Exception {
        client.config().setWriteBufferWaterMark(new WriteBufferWaterMark(10_000, 20_000));
        onLoop(() -> {
            writeVoid("x".repeat(8000));
            client.write(client.alloc().buffer().writeZero(10_000));
            assertTrue(client.isWritable());
            assertEquals(20_001 - 18_000 - 2 * ENTRY_OVERHEAD, client.bytesBeforeUnwritable());
            writeVoid("x".repeat(2000));
            assertFalse(client.isWritable());
            client.flush();
            return null;
        });
        received.await(20_000);
        awaitWritable();
        assertEquals(20_001, client.bytesBeforeUnwritable());
    }

    private void awaitWritable() throws Exception {
        // The last bytes can be there before the client's loop, which showed them, has gone on to say so.
        onLoop(() -> null);
        onLoop(() -> null);
        assertTrue(client.isWritable());
    }

    @ParameterizedTest
    @ValueSource(ints = {16, 9000, 300_000})
    void aPromiseThatAsksForProgressIsToldOfIt(int size) throws Exception {
        List<Long> progress = new CopyOnWriteArrayList<>();
        ChannelProgressivePromise promise = client.newProgressivePromise();
        promise.addListener(new GenericProgressiveFutureListener<ChannelProgressiveFuture>() {
            @Override
            public void operationProgressed(ChannelProgressiveFuture future, long done, long total) {
                assertEquals(size, total);
                progress.add(done);
            }

            @Override
            public void operationComplete(ChannelProgressiveFuture future) {
                progress.add(-1L);
            }
        });
        client.writeAndFlush(Unpooled.wrappedBuffer(new byte[size]), promise);
        assertTrue(promise.await(20, TimeUnit.SECONDS) && promise.isSuccess());
        onLoop(() -> null);
        assertEquals(size, progress.get(progress.size() - 2));
        assertEquals(-1, progress.get(progress.size() - 1));
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void aListenerMayEndTheOutputInTheMiddleOfALargeWrite(boolean close) throws Exception {
        ChannelProgressivePromise promise = client.newProgressivePromise();
        promise.addListener((GenericProgressiveFutureListener<ChannelProgressiveFuture>)
                new GenericProgressiveFutureListener<ChannelProgressiveFuture>() {
                    @Override
                    public void operationProgressed(ChannelProgressiveFuture future, long done, long total) {
                        end(close);
                    }

                    @Override
                    public void operationComplete(ChannelProgressiveFuture future) {
                        // Only progress matters.
                    }
                });
        client.writeAndFlush(Unpooled.wrappedBuffer(new byte[1 << 20]), promise);
        assertTrue(promise.await(20, TimeUnit.SECONDS));
        assertInstanceOf(IOException.class, promise.cause());
        assertTrue(received.ended.await(20, TimeUnit.SECONDS));
        onLoop(() -> null);
        assertEquals(List.of(), told.failures);
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void aListenerMayEndTheOutputWhileAnothersLargeWriteIsUnderWay(boolean close) throws Exception {
        ChannelFuture large = onLoop(() -> {
            List<ChannelFuture> written = new ArrayList<>();
            write("1").addListener(f -> written.add(client.writeAndFlush(Unpooled.wrappedBuffer(new byte[1 << 20]))));
            write("2").addListener(f -> end(close));
            client.flush();
            return written.get(0);
        });
        assertTrue(large.await(20, TimeUnit.SECONDS));
        assertInstanceOf(IOException.class, large.cause());
        assertTrue(received.ended.await(20, TimeUnit.SECONDS));
        onLoop(() -> null);
        assertEquals(List.of(), told.failures);
    }

    private void end(boolean close) {
        if (close) {
            client.close();
        } else {
            ((DuplexChannel) client).shutdownOutput();
        }
    }

    @Test
    void whatAListenerWritesIsNotSentByTheFlushThatItAnswers() throws Exception {
        onLoop(() -> {
            write("1").addListener(f -> {
                write("4");
                write("5".repeat(20_000));
            });
            write("2");
            write("3".repeat(10_000));
            client.flush();
            return null;
        });
        received.await(10_002);
        Thread.sleep(20);
        assertEquals(10_002, received.bytes().length);
        client.flush();
        received.await(30_003);
    }

    @Test
    void aMessageThatItsOwnerReleasedTooOftenHarmsNoOther() throws Exception {
        ChannelFuture next = onLoop(() -> {
            ByteBuf released = Unpooled.directBuffer().writeBytes(new byte[] {'a'});
            client.write(released);
            released.release();
            ChannelFuture future = write("b");
            client.flush();
            return future;
        });
        received.await("ab");
        assertTrue(next.await(20, TimeUnit.SECONDS) && next.isSuccess(), () -> "" + next.cause());
        assertTrue(client.close().await(20, TimeUnit.SECONDS));
        assertTrue(client.closeFuture().isSuccess());
        assertEquals(List.of(), told.failures);
    }

    @Test
    void aVoidPromisesFailureIsToldToThePipeline() throws Exception {
        onLoop(() -> {
            writeVoid("lost");
            return client.close();
        });
        assertTrue(received.ended.await(20, TimeUnit.SECONDS));
        assertEquals(1, told.failures.size());
        assertInstanceOf(ClosedChannelException.class, told.failures.get(0));
    }

    /** Heap and direct buffers are copied in different ways, and a ring's end is anywhere in a message. */
    @Test
    void cancelledWritesAreLeftOutWhateverTheirBuffersAndWhereverInTheRing() throws Exception {
        long seed = System.nanoTime();
        Random random = new Random(seed);
        ByteArrayOutputStream expected = new ByteArrayOutputStream();
        for (int round = 0; round < 300; round++) {
            List<ChannelFuture> kept = onLoop(() -> {
                List<ChannelFuture> cancelled = new ArrayList<>();
                List<ChannelFuture> others = new ArrayList<>();
                for (int i = random.nextInt(12); i >= 0; i--) {
                    byte[] bytes = new byte[1 + random.nextInt(random.nextInt(4) == 0 ? 9000 : 100)];
                    random.nextBytes(bytes);
                    ByteBuf message = buffer(bytes, random.nextInt(5));
                    if (random.nextInt(4) == 0) {
                        client.write(message, client.voidPromise());
                        expected.writeBytes(bytes);
                    } else if (random.nextBoolean()) {
                        cancelled.add(client.write(message));
                    } else {
                        others.add(client.write(message));
                        expected.writeBytes(bytes);
                    }
                }
                cancelled.forEach(future -> assertTrue(future.cancel(false)));
                client.flush();
                return others;
            });
            for (ChannelFuture future : kept) {
                assertTrue(future.await(20, TimeUnit.SECONDS) && future.isSuccess(), () -> "seed " + seed);
            }
            received.await(expected.size());
            assertArrayEquals(expected.toByteArray(), received.bytes(), () -> "seed " + seed);
        }
        assertEquals(List.of(), told.failures, () -> "seed " + seed);
    }

    private ByteBuf buffer(byte[] bytes, int kind) {
        return switch (kind) {
            case 0 -> Unpooled.wrappedBuffer(bytes);
            case 1 -> client.alloc().directBuffer().writeBytes(bytes);
            case 2 ->
                client.alloc()
                        .compositeBuffer()
                        .addComponent(true, Unpooled.copiedBuffer(bytes, 0, bytes.length / 2))
                        .addComponent(
                                true,
                                client.alloc()
                                        .directBuffer()
                                        .writeBytes(bytes, bytes.length / 2, bytes.length - bytes.length / 2));
            case 3 -> Unpooled.wrappedBuffer(ByteBuffer.wrap(bytes).asReadOnlyBuffer());
            default ->
                Unpooled.wrappedBuffer(ByteBuffer.allocateDirect(bytes.length)
                        .put(bytes)
                        .flip()
                        .asReadOnlyBuffer());
        };
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
        while (onLoop(client::isWritable)) {
            // It goes on in a task.
            Thread.onSpinWait();
        }
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

    /** What the client's pipeline is told of. */
    private static final class Told extends ChannelInboundHandlerAdapter {
        final List<Boolean> writable = new CopyOnWriteArrayList<>();
        final List<Throwable> failures = new CopyOnWriteArrayList<>();

        @Override
        public void channelWritabilityChanged(ChannelHandlerContext ctx) {
            writable.add(ctx.channel().isWritable());
            ctx.fireChannelWritabilityChanged();
        }

        @Override
        public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
            failures.add(cause);
        }
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
