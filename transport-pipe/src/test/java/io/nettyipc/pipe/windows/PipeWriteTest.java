/* Copyright 2026 The Netty IPC Authors. Licensed under the Apache License, Version 2.0; see LICENSE. */
package io.nettyipc.pipe.windows;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.netty.bootstrap.Bootstrap;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.buffer.UnpooledByteBufAllocator;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.ChannelProgressiveFuture;
import io.netty.channel.ChannelProgressiveFutureListener;
import io.netty.channel.DefaultMaxBytesRecvByteBufAllocator;
import io.netty.channel.FixedRecvByteBufAllocator;
import io.netty.channel.RecvByteBufAllocator;
import io.netty.channel.socket.DuplexChannel;
import io.netty.util.IllegalReferenceCountException;
import io.netty.util.concurrent.Future;
import io.nettyipc.pipe.NamedPipeChannel;
import io.nettyipc.pipe.NamedPipeChannelOption;
import io.nettyipc.pipe.NamedPipeMessagePart;
import io.nettyipc.pipe.NamedPipeMode;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What becomes of each write, and of each byte behind it, on every kind of pipe. */
@EnabledOnOs(OS.WINDOWS)
@Timeout(120)
class PipeWriteTest extends PipeFixture {

    enum Kind {
        BYTE,
        MESSAGE,
        HALF_CLOSE
    }

    private static ByteBuf text(String text) {
        return Unpooled.copiedBuffer(text, StandardCharsets.US_ASCII);
    }

    private static void onLoop(Channel channel, Runnable action) throws Exception {
        channel.eventLoop().submit(action).get(20, TimeUnit.SECONDS);
    }

    private ServerBootstrap server(Kind kind, ChannelHandler handler) {
        ServerBootstrap server = server(handler);
        if (kind != Kind.BYTE) {
            server.option(NamedPipeChannelOption.PIPE_TYPE, NamedPipeMode.MESSAGE);
        }
        if (kind == Kind.HALF_CLOSE) {
            server.childOption(NamedPipeChannelOption.PIPE_HALF_CLOSE, true);
        }
        return server;
    }

    private Bootstrap client(Kind kind, ChannelHandler handler) {
        return client(handler)
                .option(NamedPipeChannelOption.PIPE_HALF_CLOSE, kind == Kind.HALF_CLOSE)
                .option(
                        NamedPipeChannelOption.PIPE_READ_MODE,
                        kind == Kind.BYTE ? NamedPipeMode.BYTE : NamedPipeMode.MESSAGE);
    }

    /** A client whose server collects what it gets. */
    private Channel connect(Kind kind, Collector collector) throws Exception {
        server(kind, collector).bind(address).sync();
        return client(kind, new Recorder()).connect(address).sync().channel();
    }

    @ParameterizedTest
    @EnumSource
    void whoClosesInTheListenerOfHisWriteLosesNothing(Kind kind) throws Exception {
        for (int size : new int[] {1, 100, 8192, 8193, 65_537, 1_000_003}) {
            for (int way = 0; way < 5; way++) {
                Collector collector = new Collector();
                Channel server = server(kind, collector).bind(address).sync().channel();
                Channel client =
                        client(kind, new Recorder()).connect(address).sync().channel();
                ByteBuf message = way % 2 == 0
                        ? Unpooled.directBuffer(size).writeZero(size)
                        : Unpooled.buffer(size).writeZero(size);
                int expected = size;
                switch (way) {
                    case 0 -> client.writeAndFlush(message).addListener(ChannelFutureListener.CLOSE);
                    case 1 ->
                        onLoop(
                                client,
                                () -> client.writeAndFlush(
                                        message, client.newPromise().addListener(ChannelFutureListener.CLOSE)));
                    case 2 ->
                        onLoop(client, () -> client.writeAndFlush(message).addListener(ChannelFutureListener.CLOSE));
                    case 3 -> {
                        expected = 7 * size;
                        onLoop(client, () -> {
                            for (int i = 0; i < 6; i++) {
                                client.write(message.retainedDuplicate());
                            }
                            client.writeAndFlush(message, client.newPromise().addListener(ChannelFutureListener.CLOSE));
                        });
                    }
                    default ->
                        onLoop(client, () -> {
                            client.write(message);
                            client.writeAndFlush(
                                    Unpooled.EMPTY_BUFFER,
                                    client.newPromise().addListener(ChannelFutureListener.CLOSE));
                        });
                }
                assertTrue(collector.ended.await(30, TimeUnit.SECONDS), "no end");
                assertEquals(expected, collector.size(), "size " + size + ", way " + way);
                server.close().sync();
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    void aWriteInTheListenerOfAnotherIsSentHoweverLongTheChain(Kind kind) throws Exception {
        Collector collector = new Collector();
        Channel client = connect(kind, collector);
        int[] left = {100};
        ChannelFutureListener next = new ChannelFutureListener() {
            @Override
            public void operationComplete(ChannelFuture future) {
                if (left[0]-- > 0) {
                    client.writeAndFlush(text("next"), client.newPromise().addListener(this));
                }
            }
        };

        onLoop(
                client,
                () -> client.writeAndFlush(text("first"), client.newPromise().addListener(next)));

        collector.await(5 + 100 * 4);
    }

    @ParameterizedTest
    @EnumSource
    void cancelledReleasedAndVoidWritesInTheMiddleLeaveTheOthersOnceAndInOrder(Kind kind) throws Exception {
        Collector collector = new Collector();
        Channel client = connect(kind, collector);
        List<String> done = Collections.synchronizedList(new ArrayList<>());
        List<ChannelFuture> released = Collections.synchronizedList(new ArrayList<>());
        StringBuilder expected = new StringBuilder();
        List<String> successes = new ArrayList<>();

        onLoop(client, () -> {
            for (int i = 0; i < 100; i++) {
                String name = i + ",";
                ByteBuf message =
                        i % 2 == 0 ? text(name) : Unpooled.directBuffer().writeBytes(text(name));
                switch (i % 7) {
                    case 1, 2 -> assertTrue(client.write(message).cancel(false));
                    case 3, 4 -> {
                        released.add(client.write(message));
                        message.release();
                    }
                    case 5 -> {
                        client.write(message, client.voidPromise());
                        expected.append(name);
                    }
                    default -> {
                        client.write(message).addListener(f -> done.add(name + f.isSuccess()));
                        expected.append(name);
                        successes.add(name + true);
                    }
                }
            }
            client.flush();
        });
        client.writeAndFlush(text("end")).sync();

        assertEquals(expected + "end", collector.await(expected.length() + 3));
        assertEquals(successes, done);
        for (ChannelFuture write : released) {
            assertTrue(write.isDone());
            assertInstanceOf(IllegalReferenceCountException.class, write.cause());
        }
        assertTrue(client.isActive());
    }

    /** What follows would be taken for the rest of it. */
    @Test
    void nothingIsSentBehindAMessageThatWasReleasedWhileAPartOfItWasSent() throws Exception {
        Collector collector = new Collector();
        CompletableFuture<Channel> accepted = new CompletableFuture<>();
        server(Kind.BYTE, new ChannelInitializer<>() {
                    @Override
                    protected void initChannel(Channel child) {
                        child.pipeline().addLast(collector);
                        accepted.complete(child);
                    }
                })
                .childOption(ChannelOption.AUTO_READ, false)
                .bind(address)
                .sync();
        Channel client =
                client(Kind.BYTE, new Recorder()).connect(address).sync().channel();
        int operation = 1 << 20;
        ByteBuf message = Unpooled.directBuffer().writeZero(3 * operation);
        List<ChannelFuture> written = new ArrayList<>();

        onLoop(client, () -> {
            written.add(client.writeAndFlush(message));
            // The first operation has a reference of its own until it ends.
            message.release();
            written.add(client.writeAndFlush(text("behind")));
        });
        accepted.get(20, TimeUnit.SECONDS).config().setAutoRead(true);

        for (ChannelFuture write : written) {
            assertTrue(write.await(20, TimeUnit.SECONDS));
            assertFalse(write.isSuccess());
        }
        assertInstanceOf(
                IllegalReferenceCountException.class, written.get(0).cause().getCause());
        client.close().sync();
        assertTrue(collector.ended.await(20, TimeUnit.SECONDS));
        assertEquals(operation, collector.size());
    }

    @ParameterizedTest
    @EnumSource
    void progressIsReportedUpToTheEndOfEachMessage(Kind kind) throws Exception {
        Collector collector = new Collector();
        Channel client = connect(kind, collector);
        List<Long> seen = Collections.synchronizedList(new ArrayList<>());
        ChannelProgressiveFutureListener listener = new ChannelProgressiveFutureListener() {
            @Override
            public void operationProgressed(ChannelProgressiveFuture future, long progress, long total) {
                seen.add(progress);
            }

            @Override
            public void operationComplete(ChannelProgressiveFuture future) {
                seen.add(-1L);
            }
        };

        onLoop(client, () -> {
            client.write(text("12345"), client.newProgressivePromise().addListener(listener));
            client.write(text("678"), client.newProgressivePromise().addListener(listener));
            client.flush();
        });

        collector.await(8);
        client.writeAndFlush(text("x")).sync();
        assertEquals(List.of(5L, -1L, 3L, -1L), seen);
    }

    @ParameterizedTest
    @EnumSource
    void everyAllocatorOfReadBuffersGetsEverything(Kind kind) throws Exception {
        RecvByteBufAllocator[] allocators = {
            new DefaultMaxBytesRecvByteBufAllocator(1024, 1024),
            new DefaultMaxBytesRecvByteBufAllocator(10, 10),
            new FixedRecvByteBufAllocator(1),
            new FixedRecvByteBufAllocator(16),
            new NoRoom()
        };
        for (RecvByteBufAllocator allocator : allocators) {
            for (boolean heap : new boolean[] {false, true}) {
                Collector collector = new Collector();
                ServerBootstrap bootstrap =
                        server(kind, collector).childOption(ChannelOption.RECVBUF_ALLOCATOR, allocator);
                if (heap) {
                    bootstrap.childOption(ChannelOption.ALLOCATOR, new UnpooledByteBufAllocator(false));
                }
                Channel server = bootstrap.bind(address).sync().channel();
                Channel client =
                        client(kind, new Recorder()).connect(address).sync().channel();
                int total = 0;
                for (int size : new int[] {10, 1, 1024, 1025, 1, 5000, 32, 33, 1024}) {
                    client.writeAndFlush(Unpooled.wrappedBuffer(
                                    Unpooled.buffer(size).writeZero(size / 2),
                                    Unpooled.directBuffer().writeZero(size - size / 2)))
                            .sync();
                    total += size;
                    // One after the other, so that the reader waits each time.
                    assertEquals(total, collector.await(total).length(), allocator + ", heap " + heap);
                }
                client.close();
                assertTrue(collector.ended.await(30, TimeUnit.SECONDS), "no end");
                assertEquals(total, collector.size());
                server.close().sync();
            }
        }
    }

    @Test
    void theEndOfTheOutputComesAlsoBehindAsManyMessagesAsOneFlushWrites() throws Exception {
        for (int messages = 1; messages <= 33; messages++) {
            Collector collector = new Collector();
            Channel server =
                    server(Kind.HALF_CLOSE, collector).bind(address).sync().channel();
            DuplexChannel client = (DuplexChannel) client(Kind.HALF_CLOSE, new Recorder())
                    .connect(address)
                    .sync()
                    .channel();
            int count = messages;
            CompletableFuture<Future<?>> end = new CompletableFuture<>();

            onLoop(client, () -> {
                client.write(
                        text("m"), client.newPromise().addListener(written -> end.complete(client.shutdownOutput())));
                for (int i = 1; i < count; i++) {
                    client.write(text("m"));
                }
                client.flush();
            });

            assertTrue(collector.ended.await(30, TimeUnit.SECONDS), messages + " messages, and no end");
            assertEquals(messages, collector.size());
            assertTrue(end.get(20, TimeUnit.SECONDS).await(20, TimeUnit.SECONDS), "shutdownOutput isn't done");
            client.close().sync();
            server.close().sync();
        }
    }

    @Test
    void aTransactionBehindACancelledWriteIsMade() throws Exception {
        server(Kind.MESSAGE, new Echo()).bind(address).sync();
        NamedPipeChannel client = (NamedPipeChannel)
                client(Kind.MESSAGE, new Recorder()).connect(address).sync().channel();
        CompletableFuture<Future<ByteBuf>> reply = new CompletableFuture<>();

        onLoop(client, () -> {
            client.write(text("cancelled")).cancel(false);
            reply.complete(client.transact(text("question"), 100, 20_000));
        });

        ByteBuf answer = reply.get().sync().getNow();
        assertEquals("question", answer.toString(StandardCharsets.US_ASCII));
        answer.release();
        // And one whose request is gone fails alone.
        ByteBuf released = text("released");
        released.release();
        Future<ByteBuf> failed = client.transact(released, 100, 20_000);
        assertTrue(failed.await(20, TimeUnit.SECONDS), "it isn't done");
        assertInstanceOf(IllegalReferenceCountException.class, failed.cause());
        ByteBuf second = client.transact(text("again"), 100, 20_000).sync().getNow();
        assertEquals("again", second.toString(StandardCharsets.US_ASCII));
        second.release();
    }

    @Test
    void withoutAnEventLoopATransactionFailsAndItsRequestIsReleased() throws Exception {
        server(Kind.MESSAGE, new Echo()).bind(address).sync();
        NamedPipeChannel client = (NamedPipeChannel)
                client(Kind.MESSAGE, new Recorder()).connect(address).sync().channel();
        clients.shutdownGracefully(0, 10, TimeUnit.SECONDS).sync();
        ByteBuf request = text("request");

        Future<ByteBuf> reply = client.transact(request, 100, 1000);

        assertTrue(reply.isDone());
        assertTrue(reply.cause() != null);
        assertEquals(0, request.refCnt());
        assertTrue(client.available().isDone());
    }

    /** Gives a buffer without room each second time. */
    private static final class NoRoom extends FixedRecvByteBufAllocator {
        NoRoom() {
            super(100);
        }

        @SuppressWarnings("deprecation")
        @Override
        public Handle newHandle() {
            return new DelegatingHandle(super.newHandle()) {
                private boolean room;

                @Override
                public ByteBuf allocate(io.netty.buffer.ByteBufAllocator alloc) {
                    room ^= true;
                    return room ? super.allocate(alloc) : alloc.directBuffer(0, 0);
                }
            };
        }
    }

    /** Collects bytes, whatever they come in. */
    @ChannelHandler.Sharable
    private static final class Collector extends ChannelInboundHandlerAdapter {
        final CountDownLatch ended = new CountDownLatch(1);
        private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();

        @Override
        public void channelRead(ChannelHandlerContext ctx, Object msg) throws Exception {
            ByteBuf buf = msg instanceof NamedPipeMessagePart part ? part.content() : (ByteBuf) msg;
            try {
                synchronized (bytes) {
                    buf.readBytes(bytes, buf.readableBytes());
                    bytes.notifyAll();
                }
            } finally {
                buf.release();
            }
        }

        @Override
        public void channelInactive(ChannelHandlerContext ctx) {
            ended.countDown();
        }

        int size() {
            synchronized (bytes) {
                return bytes.size();
            }
        }

        String await(int count) throws InterruptedException {
            long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
            synchronized (bytes) {
                while (bytes.size() < count) {
                    long left = TimeUnit.NANOSECONDS.toMillis(deadline - System.nanoTime());
                    assertTrue(left > 0, () -> "only " + bytes.size() + " of " + count);
                    bytes.wait(left);
                }
                return bytes.toString(StandardCharsets.US_ASCII);
            }
        }
    }
}
