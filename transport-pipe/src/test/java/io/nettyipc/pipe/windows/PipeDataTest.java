/* Copyright 2026 The Netty IPC Authors. Licensed under the Apache License, Version 2.0; see LICENSE. */
package io.nettyipc.pipe.windows;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.netty.bootstrap.ServerBootstrap;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.FixedRecvByteBufAllocator;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.handler.timeout.ReadTimeoutException;
import io.netty.handler.timeout.ReadTimeoutHandler;
import io.netty.handler.timeout.WriteTimeoutException;
import io.netty.handler.timeout.WriteTimeoutHandler;
import io.netty.util.ReferenceCountUtil;
import io.nettyipc.base.os.Kernel32;
import io.nettyipc.base.testing.CountingIoHandlerFactory;
import io.nettyipc.pipe.NamedPipe;
import io.nettyipc.pipe.NamedPipeAccess;
import io.nettyipc.pipe.NamedPipeChannelOption;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

/** Moving bytes; the numbers are those of src/test/BEHAVIOUR.md. */
@EnabledOnOs(OS.WINDOWS)
@Timeout(120)
@SuppressWarnings("try") // the other end only has to be there
class PipeDataTest extends PipeFixture {

    /** 31, 32 */
    @Test
    void linesAndScatteredBuffersComeBackAsTheyWent() throws Exception {
        bind(new Echo());
        Recorder recorder = new Recorder();
        Channel channel = connect(recorder);
        byte[] line = "one line\n".getBytes(StandardCharsets.UTF_8);
        channel.writeAndFlush(Unpooled.wrappedBuffer(line)).sync();
        assertArrayEquals(line, recorder.awaitBytes(line.length));
        for (int i = 0; i < 5; i++) {
            channel.write(Unpooled.wrappedBuffer(
                    Unpooled.wrappedBuffer(new byte[] {1, 2}),
                    Unpooled.directBuffer().writeByte(3),
                    Unpooled.wrappedBuffer(new byte[] {4})));
            channel.write(Unpooled.EMPTY_BUFFER);
            channel.write(Unpooled.directBuffer().writeByte(5));
        }
        channel.flush();
        byte[] all = recorder.awaitBytes(line.length + 25);
        for (int i = 0; i < 25; i++) {
            assertEquals(1 + i % 5, all[line.length + i]);
        }
    }

    /** A view's first byte need not be its memory's. */
    @Test
    void aPartOfReadOnlyMemoryIsWrittenWhereItLies() throws Exception {
        bind(new Echo());
        Recorder recorder = new Recorder();
        Channel channel = connect(recorder);
        ByteBuffer memory =
                ByteBuffer.allocateDirect(6).put(new byte[] {1, 2, 3, 4, 5, 6}).flip();
        channel.writeAndFlush(Unpooled.wrappedBuffer(memory.asReadOnlyBuffer()).skipBytes(4))
                .sync();
        assertArrayEquals(new byte[] {5, 6}, recorder.awaitBytes(2));
    }

    /** 33, 33a, 34 */
    @Test
    void bytesThatDontFitTheReadBufferWaitForTheNext() throws Exception {
        Recorder recorder = new Recorder();
        server(recorder)
                .childOption(ChannelOption.RECVBUF_ALLOCATOR, new FixedRecvByteBufAllocator(16))
                .bind(address)
                .sync();
        byte[] message = random(16 * 20 + 5);
        try (RawPipe client = RawPipe.connect(address)) {
            client.write(message);
            assertArrayEquals(message, recorder.awaitBytes(message.length));
            assertTrue(recorder.reads.get() >= 21, "reads " + recorder.reads);
            byte[] exact = random(16);
            client.write(exact);
            recorder.awaitBytes(message.length + 16);
            client.write(new byte[] {42});
            byte[] all = recorder.awaitBytes(message.length + 17);
            assertEquals(42, all[all.length - 1]);
        }
    }

    @Test
    void aPeerThatHasWrittenMuchLeavesTheLoopTimeToLookAtOtherChannels() throws Exception {
        int bytes = 64 << 10;
        AtomicInteger turns = new AtomicInteger();
        record Reads(int count, int turns) {}
        CompletableFuture<Reads> readAll = new CompletableFuture<>();
        MultiThreadIoEventLoopGroup counted = new MultiThreadIoEventLoopGroup(
                1, new CountingIoHandlerFactory(NamedPipe.newIoHandlerFactory(), turns));
        new ServerBootstrap()
                .group(counted)
                .channel(NamedPipe.serverChannelType())
                .childOption(ChannelOption.RECVBUF_ALLOCATOR, new FixedRecvByteBufAllocator(16))
                .childHandler(new ChannelInboundHandlerAdapter() {
                    private int begin;
                    private int reads;
                    private int received;

                    @Override
                    public void channelRead(ChannelHandlerContext ctx, Object msg) {
                        received += ((ByteBuf) msg).readableBytes();
                        ReferenceCountUtil.release(msg);
                    }

                    @Override
                    public void channelReadComplete(ChannelHandlerContext ctx) {
                        if (++reads == 1) {
                            begin = turns.get();
                        } else if (received == bytes) {
                            readAll.complete(new Reads(reads, turns.get() - begin));
                        }
                    }
                })
                .bind(address)
                .sync();

        try (RawPipe client = RawPipe.connect(address)) {
            client.write(new byte[bytes]);
            Reads reads = readAll.get(20, TimeUnit.SECONDS);
            assertTrue(reads.turns() >= reads.count() - 1, reads::toString);
        }
        counted.shutdownGracefully(0, 10, TimeUnit.SECONDS).sync();
    }

    /** 38 */
    @Test
    void writingNothingIsNoEnd() throws Exception {
        Recorder recorder = new Recorder();
        bind(recorder);
        try (RawPipe client = RawPipe.connect(address)) {
            client.write(new byte[] {1});
            recorder.awaitBytes(1);
            client.write(new byte[0]);
            client.write(new byte[] {2});
            assertArrayEquals(new byte[] {1, 2}, recorder.awaitBytes(2));
            client.write(new byte[0]);
            client.write(new byte[0]);
            client.write(new byte[] {3});
            assertArrayEquals(new byte[] {1, 2, 3}, recorder.awaitBytes(3));
            Channel child = recorder.awaitActive();
            assertTrue(child.isActive());
            child.writeAndFlush(Unpooled.EMPTY_BUFFER).sync();
            child.writeAndFlush(Unpooled.buffer().writeByte(4)).sync();
            assertArrayEquals(new byte[] {4}, client.readFully(1));
        }
    }

    /** 40 */
    @Test
    void oneWayPipesCarryInEachDirection() throws Exception {
        Recorder reader = new Recorder();
        Channel inbound = server(reader)
                .option(NamedPipeChannelOption.PIPE_ACCESS, NamedPipeAccess.INBOUND)
                .bind(address)
                .sync()
                .channel();
        // Without effect after the bind.
        inbound.config().setOption(NamedPipeChannelOption.PIPE_ACCESS, NamedPipeAccess.DUPLEX);
        Channel writer = client(new Recorder())
                .option(NamedPipeChannelOption.PIPE_ACCESS, NamedPipeAccess.OUTBOUND)
                .connect(address)
                .sync()
                .channel();
        writer.writeAndFlush(Unpooled.wrappedBuffer(new byte[] {1, 2, 3})).sync();
        assertArrayEquals(new byte[] {1, 2, 3}, reader.awaitBytes(3));
        Channel child = reader.awaitActive();
        assertEquals(NamedPipeAccess.INBOUND, child.config().getOption(NamedPipeChannelOption.PIPE_ACCESS));
        ChannelFuture wrongWay =
                child.writeAndFlush(Unpooled.buffer().writeByte(1)).awaitUninterruptibly();
        assertInstanceOf(UnsupportedOperationException.class, wrongWay.cause());
        writer.close().sync();
        reader.awaitInactive();
        inbound.close().sync();

        CountDownLatch sent = new CountDownLatch(1);
        server(new ChannelInboundHandlerAdapter() {
                    @Override
                    public void channelActive(ChannelHandlerContext ctx) {
                        ctx.writeAndFlush(Unpooled.wrappedBuffer(new byte[] {7, 8}))
                                .addListener(f -> sent.countDown());
                    }
                })
                .option(NamedPipeChannelOption.PIPE_ACCESS, NamedPipeAccess.OUTBOUND)
                .bind(address)
                .sync();
        Recorder listener = new Recorder();
        client(listener)
                .option(NamedPipeChannelOption.PIPE_ACCESS, NamedPipeAccess.INBOUND)
                .connect(address)
                .sync();
        assertArrayEquals(new byte[] {7, 8}, listener.awaitBytes(2));
        assertTrue(sent.await(10, TimeUnit.SECONDS));
    }

    /** 41 */
    @Test
    void thePipeHasTheQuotasThatWereAskedFor() throws Exception {
        server(new Echo())
                .option(NamedPipeChannelOption.PIPE_IN_QUOTA, 8192)
                .option(NamedPipeChannelOption.PIPE_OUT_QUOTA, 16384)
                .bind(address)
                .sync();
        try (RawPipe client = RawPipe.connect(address)) {
            int[] out = new int[1];
            int[] in = new int[1];
            assertTrue(Kernel32.GetNamedPipeInfo(client.handle(), null, out, in, null));
            assertEquals(16384, out[0]);
            assertEquals(8192, in[0]);
        }
    }

    /** 43, 44 */
    @Test
    void turningAutoReadOffAndOnKeepsEveryByteInOrder() throws Exception {
        byte[] data = random(1 << 20);
        Recorder recorder = new Recorder() {
            private final Random random = new Random(1);

            @Override
            public void channelRead(ChannelHandlerContext ctx, Object msg) {
                super.channelRead(ctx, msg);
                if (random.nextInt(3) == 0) {
                    ctx.channel().config().setAutoRead(false);
                    Runnable resume = () -> ctx.channel().config().setAutoRead(true);
                    if (random.nextBoolean()) {
                        resume.run();
                    } else {
                        ctx.executor().schedule(resume, random.nextInt(3), TimeUnit.MILLISECONDS);
                    }
                }
            }
        };
        server(recorder)
                .childOption(ChannelOption.RECVBUF_ALLOCATOR, new FixedRecvByteBufAllocator(4096))
                .bind(address)
                .sync();
        Channel client = connect(new Recorder());
        client.writeAndFlush(Unpooled.wrappedBuffer(data));
        assertArrayEquals(data, recorder.awaitBytes(data.length));
    }

    @Test
    void eachReadBringsOneBufferAndNoMore() throws Exception {
        Recorder recorder = new Recorder();
        server(recorder)
                .childOption(ChannelOption.AUTO_READ, false)
                .childOption(ChannelOption.RECVBUF_ALLOCATOR, new FixedRecvByteBufAllocator(10).maxMessagesPerRead(1))
                .bind(address)
                .sync();
        try (RawPipe client = RawPipe.connect(address)) {
            client.write(random(35));
            Channel child = recorder.awaitActive();
            Thread.sleep(100);
            assertEquals(0, recorder.received());
            for (int want : new int[] {10, 20, 30, 35}) {
                child.read();
                recorder.awaitBytes(want);
                Thread.sleep(30);
                assertEquals(want, recorder.received());
            }
        }
    }

    /** 46 */
    @Test
    void aSilentPeerRunsIntoNettysReadTimeout() throws Exception {
        Recorder recorder = new Recorder();
        bind(new ChannelInitializer<>() {
            @Override
            protected void initChannel(Channel ch) {
                ch.pipeline().addLast(new ReadTimeoutHandler(200, TimeUnit.MILLISECONDS), recorder);
            }
        });
        try (RawPipe client = RawPipe.connect(address)) {
            recorder.awaitInactive();
            assertInstanceOf(ReadTimeoutException.class, recorder.failures.poll());
            assertNull(client.read(1));
        }
    }

    /** 47 */
    @Test
    void aPeerThatNeverReadsRunsIntoNettysWriteTimeoutAlsoWithoutAnyQuota() throws Exception {
        Recorder recorder = new Recorder();
        server(new ChannelInitializer<>() {
                    @Override
                    protected void initChannel(Channel ch) {
                        ch.pipeline().addLast(new WriteTimeoutHandler(300, TimeUnit.MILLISECONDS), recorder);
                    }
                })
                .option(NamedPipeChannelOption.PIPE_OUT_QUOTA, 0)
                .bind(address)
                .sync();
        try (RawPipe client = RawPipe.connect(address)) {
            Channel child = recorder.awaitActive();
            ByteBuf bytes = Unpooled.directBuffer().writeZero(1 << 20);
            ChannelFuture write = child.writeAndFlush(bytes).awaitUninterruptibly();
            assertFalse(write.isSuccess());
            recorder.awaitInactive();
            assertInstanceOf(WriteTimeoutException.class, recorder.failures.poll());
        }
    }

    @Test
    void withoutQuotaEachWriteWaitsForItsReadAndNothingIsLost() throws Exception {
        server(new Echo())
                .option(NamedPipeChannelOption.PIPE_IN_QUOTA, 0)
                .option(NamedPipeChannelOption.PIPE_OUT_QUOTA, 0)
                .bind(address)
                .sync();
        Recorder recorder = new Recorder();
        Channel client = connect(recorder);
        byte[] data = random(300_000);
        client.writeAndFlush(Unpooled.wrappedBuffer(data));
        assertArrayEquals(data, recorder.awaitBytes(data.length));
    }

    /** 48: giving back an idle channel's buffer cancels a read that may just be bringing data. */
    @Test
    void cancellingAReadThatBringsDataLosesNothing() throws Exception {
        Recorder recorder = new Recorder();
        bind(recorder);
        byte[] data = random(20_000);
        AtomicInteger cancels = new AtomicInteger();
        try (RawPipe client = RawPipe.connect(address)) {
            WindowsNamedPipeChannel child = (WindowsNamedPipeChannel) recorder.awaitActive();
            AtomicBoolean done = new AtomicBoolean();
            child.eventLoop().execute(new Runnable() {
                @Override
                public void run() {
                    // The second question finds nothing new and cancels.
                    child.reader().dataWait().isStillBusy();
                    if (!child.reader().dataWait().isStillBusy()) {
                        cancels.incrementAndGet();
                    }
                    if (!done.get()) {
                        child.eventLoop().execute(this);
                    }
                }
            });
            for (int i = 0; i < data.length; i += 10) {
                client.write(java.util.Arrays.copyOfRange(data, i, i + 10));
            }
            assertArrayEquals(data, recorder.awaitBytes(data.length));
            done.set(true);
        }
        assertTrue(cancels.get() > 100, "cancelled " + cancels);
    }

    @Test
    void aHandlerThatThrowsHearsOfItAndItsChannelAndTheOthersGoOn() throws Exception {
        IllegalStateException failure = new IllegalStateException("expected");
        Recorder recorder = new Recorder() {
            @Override
            public void channelRead(ChannelHandlerContext ctx, Object msg) {
                ByteBuf bytes = (ByteBuf) msg;
                if (bytes.getByte(bytes.readerIndex()) == 0) {
                    bytes.release();
                    throw failure;
                }
                ctx.writeAndFlush(bytes);
            }
        };
        bind(recorder);
        try (RawPipe first = RawPipe.connect(address);
                RawPipe second = RawPipe.connect(address)) {
            first.write(new byte[1]);
            assertSame(failure, recorder.failures.poll(30, TimeUnit.SECONDS));
            for (RawPipe client : new RawPipe[] {first, second}) {
                client.write(new byte[] {7});
                assertArrayEquals(new byte[] {7}, client.readFully(1));
            }
            assertTrue(recorder.failures.isEmpty(), recorder.failures::toString);
            assertTrue(recorder.inactive.isEmpty(), recorder.inactive::toString);
        }
    }

    @Test
    void anIdleChannelHoldsNoBuffer() throws Exception {
        Recorder recorder = new Recorder();
        bind(recorder);
        try (RawPipe client = RawPipe.connect(address)) {
            client.write(new byte[] {1});
            recorder.awaitBytes(1);
            WindowsNamedPipeChannel child = (WindowsNamedPipeChannel) recorder.awaitActive();
            assertTrue(child.eventLoop()
                    .submit(() -> child.reader().dataWait().holdsReadBuffer())
                    .get());
            Thread.sleep(3000);
            assertFalse(child.eventLoop()
                    .submit(() -> child.reader().dataWait().holdsReadBuffer())
                    .get());
            client.write(new byte[] {2});
            assertArrayEquals(new byte[] {1, 2}, recorder.awaitBytes(2));
        }
    }

    @Test
    void messagesThatAreNoBytesAreRefused() throws Exception {
        bind(new Echo());
        Channel channel = connect(new Recorder());
        Throwable cause = channel.writeAndFlush("text").awaitUninterruptibly().cause();
        assertInstanceOf(UnsupportedOperationException.class, cause);
        assertTrue(cause.getMessage().contains("ByteBuf"), cause.getMessage());
        assertTrue(channel.isActive());
    }

    @Test
    void oneLargeMessageArrivesWhole() throws Exception {
        bind(new Echo());
        Recorder recorder = new Recorder();
        Channel channel = connect(recorder);
        byte[] data = random(5_000_001);
        channel.writeAndFlush(channel.alloc().directBuffer(data.length).writeBytes(data))
                .sync();
        byte[] back = recorder.awaitBytes(data.length);
        assertEquals(ByteBufUtil.hexDump(back, 0, 64), ByteBufUtil.hexDump(data, 0, 64));
        assertArrayEquals(data, back);
    }

    private static byte[] random(int length) {
        byte[] bytes = new byte[length];
        new Random(length).nextBytes(bytes);
        return bytes;
    }
}
