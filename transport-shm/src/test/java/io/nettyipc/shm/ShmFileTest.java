/* Copyright 2026 The Netty IPC Authors. Licensed under the Apache License, Version 2.0; see LICENSE. */
package io.nettyipc.shm;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
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
import io.netty.channel.ChannelProgressiveFuture;
import io.netty.channel.ChannelProgressiveFutureListener;
import io.netty.channel.ChannelProgressivePromise;
import io.netty.channel.DefaultFileRegion;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.socket.ChannelOutputShutdownException;
import io.netty.channel.socket.DuplexChannel;
import io.nettyipc.base.testing.OpenHandles;
import io.nettyipc.shm.control.KeptMemory;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.MappedByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.ReadableByteChannel;
import java.nio.channels.WritableByteChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.Random;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Files that go into rings, which have less room than a file and sometimes less than what is read of it at once. */
@Timeout(60)
class ShmFileTest {

    private static final AtomicInteger NEXT_NAME = new AtomicInteger();
    private static final int FILE_BYTES = 1_000_003;
    private static final int SMALL_RING = 16 << 10;

    @TempDir
    Path directory;

    private final EventLoopGroup servers = new MultiThreadIoEventLoopGroup(1, Shm.newIoHandlerFactory());
    private final EventLoopGroup clients = new MultiThreadIoEventLoopGroup(1, Shm.newIoHandlerFactory());
    private final ShmAddress address =
            ShmAddress.of("file-" + ProcessHandle.current().pid() + '-' + NEXT_NAME.incrementAndGet());
    private final BlockingQueue<Received> accepted = new LinkedBlockingQueue<>();
    private byte[] content;
    private Path file;

    @BeforeEach
    void writeFile() throws IOException {
        content = new byte[FILE_BYTES];
        new Random(1).nextBytes(content);
        file = Files.write(directory.resolve("file"), content);
    }

    @AfterEach
    void shutDown() {
        for (EventLoopGroup group : List.of(servers, clients)) {
            group.shutdownGracefully(0, 10, TimeUnit.SECONDS);
            assertTrue(group.terminationFuture().awaitUninterruptibly(20, TimeUnit.SECONDS));
        }
    }

    private void serve(int capacity, boolean autoRead) throws Exception {
        new ServerBootstrap()
                .group(servers)
                .channel(ShmServerChannel.class)
                .childOption(ShmChannelOption.SHM_RECEIVE_CAPACITY, capacity)
                .childOption(ChannelOption.AUTO_READ, autoRead)
                .childHandler(new ChannelInitializer<>() {
                    @Override
                    protected void initChannel(Channel channel) {
                        Received received = new Received(channel);
                        channel.pipeline().addLast(received);
                        accepted.add(received);
                    }
                })
                .bind(address)
                .sync();
    }

    private Channel connect() throws Exception {
        return new Bootstrap()
                .group(clients)
                .channel(ShmChannel.class)
                .handler(new ChannelInboundHandlerAdapter())
                .connect(address)
                .sync()
                .channel();
    }

    private Received nextAccepted() throws InterruptedException {
        Received received = accepted.poll(20, TimeUnit.SECONDS);
        assertTrue(received != null, "no connection");
        return received;
    }

    private DefaultFileRegion region(int from, int length) {
        return new DefaultFileRegion(file.toFile(), from, length);
    }

    private byte[] content(int from, int length) {
        return Unpooled.copiedBuffer(content, from, length).array();
    }

    /** Runs on the clients' event loop, in one piece. */
    private void onLoop(Runnable work) throws Exception {
        clients.submit(work).get(20, TimeUnit.SECONDS);
    }

    @ParameterizedTest
    @ValueSource(ints = {SMALL_RING, 64 << 10, 256 << 10})
    void filesArriveWholeInTheOrderOfTheirWritesWithMessagesBetweenThem(int capacity) throws Exception {
        serve(capacity, true);
        Channel client = connect();
        Received received = nextAccepted();
        ByteBuf expected = Unpooled.buffer();
        Random random = new Random(capacity);
        onLoop(() -> {
            for (int i = 0; i < 60; i++) {
                int from = random.nextInt(FILE_BYTES);
                int length = random.nextInt(Math.min(FILE_BYTES - from, 200_000) + 1);
                client.write(region(from, length));
                expected.writeBytes(content, from, length);
                int bytes = random.nextInt(20_000);
                client.write(Unpooled.wrappedBuffer(content, 0, bytes));
                expected.writeBytes(content, 0, bytes);
                if (random.nextBoolean()) {
                    client.flush();
                }
            }
        });
        client.writeAndFlush(region(0, 0)).sync();
        assertEquals(expected, Unpooled.wrappedBuffer(received.await(expected.readableBytes())));
        expected.release();
    }

    @Test
    void everyConnectionOfALoopGetsItsOwnFileThoughSomeReadersStopInTheMiddle() throws Exception {
        serve(SMALL_RING, false);
        List<ChannelFuture> writes = new ArrayList<>();
        List<Received> all = new ArrayList<>();
        for (int i = 0; i < 8; i++) {
            Channel client = connect();
            writes.add(client.writeAndFlush(region(1000 * i, 300_000)));
            all.add(nextAccepted());
        }
        // Every ring is full, and what was read and had no room any more waits.
        onLoop(() -> {});
        for (int i = all.size() - 1; i >= 0; i--) {
            all.get(i).channel.config().setAutoRead(true);
            assertEquals(
                    Unpooled.wrappedBuffer(content(1000 * i, 300_000)),
                    Unpooled.wrappedBuffer(all.get(i).await(300_000)));
            writes.get(i).sync();
        }
    }

    @Test
    void progressIsToldOnlyOfBytesThatThePeerCanRead() throws Exception {
        serve(SMALL_RING, false);
        Channel client = connect();
        Received received = nextAccepted();
        Queue<Long> told = new ConcurrentLinkedQueue<>();
        ChannelProgressivePromise promise = client.newProgressivePromise();
        promise.addListener(new ChannelProgressiveFutureListener() {
            @Override
            public void operationProgressed(ChannelProgressiveFuture future, long progress, long total) {
                told.add(progress);
            }

            @Override
            public void operationComplete(ChannelProgressiveFuture future) {}
        });
        client.writeAndFlush(region(0, 300_000), promise);
        onLoop(() -> {});
        assertFalse(promise.isDone());
        assertEquals(SMALL_RING, last(told));
        received.channel.config().setAutoRead(true);
        received.await(300_000);
        promise.sync();
        assertEquals(300_000, last(told));
    }

    private static long last(Queue<Long> told) {
        return told.stream().mapToLong(Long::longValue).max().orElse(0);
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void aChannelThatEndsInTheMiddleOfAFileFailsTheWriteAndClosesTheFile(boolean half) throws Exception {
        serve(SMALL_RING, false);
        Channel client = connect();
        Received received = nextAccepted();
        DefaultFileRegion region = region(0, 300_000);
        ChannelFuture write = client.writeAndFlush(region);
        onLoop(() -> {});
        assertFalse(write.isDone());
        if (half) {
            ((DuplexChannel) client).shutdownOutput().sync();
        } else {
            client.close().sync();
        }
        assertTrue(write.await(20, TimeUnit.SECONDS));
        Class<? extends IOException> expected =
                half ? ChannelOutputShutdownException.class : ClosedChannelException.class;
        assertInstanceOf(expected, write.cause());
        assertEquals(0, region.refCnt());
        assertFalse(region.isOpen());
        received.channel.config().setAutoRead(true);
        int sent = received.awaitEnd();
        assertTrue(sent <= SMALL_RING, sent + " bytes");
        // The loop's other channels go on.
        Channel other = connect();
        other.writeAndFlush(region(0, 300_000)).addListener(future -> other.close());
        assertEquals(
                Unpooled.wrappedBuffer(content(0, 300_000)),
                Unpooled.wrappedBuffer(withAutoRead(nextAccepted()).await(300_000)));
    }

    private static Received withAutoRead(Received received) {
        received.channel.config().setAutoRead(true);
        return received;
    }

    @Test
    void aPeerThatClosesInTheMiddleOfAFileFailsTheWrite() throws Exception {
        serve(SMALL_RING, false);
        Channel client = connect();
        Received received = nextAccepted();
        DefaultFileRegion region = region(0, 300_000);
        ChannelFuture write = client.writeAndFlush(region);
        onLoop(() -> {});
        received.channel.close().sync();
        assertTrue(write.await(20, TimeUnit.SECONDS));
        assertInstanceOf(IOException.class, write.cause());
        assertEquals(0, region.refCnt());
    }

    /** Without it a file takes a system call and two copies for every 8 KiB. */
    @Test
    void aFileIsReadToItsPlaceInTheRingAndByNoSmallSteps() throws Exception {
        serve(256 << 10, false);
        Channel client = connect();
        Received received = nextAccepted();
        CountingFile counting = new CountingFile(FileChannel.open(file));
        DefaultFileRegion region = new DefaultFileRegion(counting, 0, FILE_BYTES);
        ChannelFuture write = client.writeAndFlush(region);
        onLoop(() -> {});
        assertEquals(256 << 10, region.transferred());
        assertTrue(counting.targets.stream().allMatch(ByteBuffer::isDirect));
        // Two of 128 KiB, the first of which is in two parts: before the ring grows and after that.
        assertTrue(counting.targets.size() <= 3, counting.targets.size() + " reads");
        received.channel.config().setAutoRead(true);
        assertEquals(Unpooled.wrappedBuffer(content), Unpooled.wrappedBuffer(received.await(FILE_BYTES)));
        write.sync();
    }

    @Test
    void aRegionThatTransfersInItsOwnWayIsAskedTo() throws Exception {
        serve(256 << 10, true);
        Channel client = connect();
        Received received = nextAccepted();
        client.writeAndFlush(new DefaultFileRegion(file.toFile(), 0, FILE_BYTES) {
                    @Override
                    public long transferTo(WritableByteChannel target, long position) throws IOException {
                        return super.transferTo(new Inverting(target), position);
                    }
                })
                .sync();
        byte[] inverted = content.clone();
        for (int i = 0; i < inverted.length; i++) {
            inverted[i] = (byte) ~inverted[i];
        }
        assertEquals(Unpooled.wrappedBuffer(inverted), Unpooled.wrappedBuffer(received.await(FILE_BYTES)));
    }

    @Test
    void aRegionWithARoleOfItsOwnIsReadLikeOthers() throws Exception {
        serve(256 << 10, true);
        Channel client = connect();
        Received received = nextAccepted();
        CountingFile counting = new CountingFile(FileChannel.open(file));
        AtomicInteger deallocated = new AtomicInteger();
        client.writeAndFlush(new DefaultFileRegion(counting, 0, FILE_BYTES) {
                    @Override
                    protected void deallocate() {
                        super.deallocate();
                        deallocated.incrementAndGet();
                    }
                })
                .sync();
        assertEquals(Unpooled.wrappedBuffer(content), Unpooled.wrappedBuffer(received.await(FILE_BYTES)));
        assertFalse(counting.targets.isEmpty());
        assertEquals(1, deallocated.get());
    }

    @Test
    void aFileThatIsCutWhileItsWriteWaitsFailsTheWriteAndSaysHowMuchIsMissing() throws Exception {
        serve(SMALL_RING, false);
        Channel client = connect();
        Received received = nextAccepted();
        DefaultFileRegion region = region(0, 300_000);
        ChannelFuture write = client.writeAndFlush(region);
        onLoop(() -> {});
        assertEquals(SMALL_RING, region.transferred());
        try (FileChannel cut = FileChannel.open(file, StandardOpenOption.WRITE)) {
            cut.truncate(100_000);
        }
        received.channel.config().setAutoRead(true);
        assertTrue(write.await(20, TimeUnit.SECONDS));
        assertInstanceOf(IOException.class, write.cause());
        assertTrue(write.cause().getMessage().contains("200000"), write.cause()::toString);
        assertEquals(0, region.refCnt());
        assertEquals(Unpooled.wrappedBuffer(content(0, 100_000)), Unpooled.wrappedBuffer(received.await(100_000)));
    }

    @Test
    void aRegionWhoseWriteIsCancelledIsLeftOutAndClosed() throws Exception {
        serve(SMALL_RING, false);
        Channel client = connect();
        Received received = nextAccepted();
        DefaultFileRegion cancelled = region(0, 200_000);
        onLoop(() -> {
            client.write(region(0, 100_000));
            ChannelFuture write = client.write(cancelled);
            client.write(region(500_000, 1000));
            assertTrue(write.cancel(false));
            client.flush();
        });
        received.channel.config().setAutoRead(true);
        assertEquals(
                Unpooled.wrappedBuffer(content(0, 100_000), content(500_000, 1000)),
                Unpooled.wrappedBuffer(received.await(101_000)));
        assertEquals(0, cancelled.refCnt());
    }

    @Test
    void aLoopThatHasSentFilesLeavesNoDescriptorBehind() throws Exception {
        serve(SMALL_RING, true);
        int before = OpenHandles.count();
        EventLoopGroup group = new MultiThreadIoEventLoopGroup(1, Shm.newIoHandlerFactory());
        Channel client = new Bootstrap()
                .group(group)
                .channel(ShmChannel.class)
                .handler(new ChannelInboundHandlerAdapter())
                .connect(address)
                .sync()
                .channel();
        client.writeAndFlush(region(0, FILE_BYTES)).sync();
        Received received = nextAccepted();
        received.await(FILE_BYTES);
        client.writeAndFlush(region(0, FILE_BYTES));
        group.shutdownGracefully(0, 10, TimeUnit.SECONDS).sync();
        received.channel.closeFuture().sync();
        // The server's loop may still be closing what the connection had.
        servers.submit(() -> {}).sync();
        KeptMemory.closeAll();
        assertTrue(OpenHandles.count() <= before, OpenHandles.count() + " instead of " + before);
    }

    /** Gives the complement of each byte. */
    private record Inverting(WritableByteChannel target) implements WritableByteChannel {

        @Override
        public int write(ByteBuffer source) throws IOException {
            ByteBuffer inverted = ByteBuffer.allocate(source.remaining());
            for (int i = source.position(); i < source.limit(); i++) {
                inverted.put((byte) ~source.get(i));
            }
            int written = target.write(inverted.flip());
            source.position(source.position() + written);
            return written;
        }

        @Override
        public boolean isOpen() {
            return target.isOpen();
        }

        @Override
        public void close() throws IOException {
            target.close();
        }
    }

    /** Keeps the targets of reads at a place, which is all that it can. */
    private static final class CountingFile extends FileChannel {

        private final FileChannel file;
        final Queue<ByteBuffer> targets = new ConcurrentLinkedQueue<>();

        CountingFile(FileChannel file) {
            this.file = file;
        }

        @Override
        public int read(ByteBuffer target, long position) throws IOException {
            targets.add(target);
            return file.read(target, position);
        }

        @Override
        public long size() throws IOException {
            return file.size();
        }

        @Override
        protected void implCloseChannel() throws IOException {
            file.close();
        }

        @Override
        public int read(ByteBuffer target) {
            throw new UnsupportedOperationException();
        }

        @Override
        public long read(ByteBuffer[] targets, int offset, int length) {
            throw new UnsupportedOperationException();
        }

        @Override
        public int write(ByteBuffer source) {
            throw new UnsupportedOperationException();
        }

        @Override
        public long write(ByteBuffer[] sources, int offset, int length) {
            throw new UnsupportedOperationException();
        }

        @Override
        public int write(ByteBuffer source, long position) {
            throw new UnsupportedOperationException();
        }

        @Override
        public long position() {
            throw new UnsupportedOperationException();
        }

        @Override
        public FileChannel position(long position) {
            throw new UnsupportedOperationException();
        }

        @Override
        public FileChannel truncate(long size) {
            throw new UnsupportedOperationException();
        }

        @Override
        public void force(boolean metaData) {
            throw new UnsupportedOperationException();
        }

        @Override
        public long transferTo(long position, long count, WritableByteChannel target) {
            throw new UnsupportedOperationException();
        }

        @Override
        public long transferFrom(ReadableByteChannel source, long position, long count) {
            throw new UnsupportedOperationException();
        }

        @Override
        public MappedByteBuffer map(MapMode mode, long position, long size) {
            throw new UnsupportedOperationException();
        }

        @Override
        public FileLock lock(long position, long size, boolean shared) {
            throw new UnsupportedOperationException();
        }

        @Override
        public FileLock tryLock(long position, long size, boolean shared) {
            throw new UnsupportedOperationException();
        }
    }

    /** Keeps what comes. */
    private static final class Received extends ChannelInboundHandlerAdapter {
        final Channel channel;
        private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        private boolean ended;

        Received(Channel channel) {
            this.channel = channel;
        }

        @Override
        public synchronized void channelRead(ChannelHandlerContext ctx, Object msg) throws IOException {
            ByteBuf data = (ByteBuf) msg;
            data.readBytes(bytes, data.readableBytes());
            data.release();
            notifyAll();
        }

        @Override
        public synchronized void channelInactive(ChannelHandlerContext ctx) {
            ended = true;
            notifyAll();
        }

        /** Waits for so many bytes, and returns them. */
        synchronized byte[] await(int length) throws InterruptedException {
            long until = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
            while (bytes.size() < length) {
                long left = TimeUnit.NANOSECONDS.toMillis(until - System.nanoTime());
                assertTrue(left > 0, bytes.size() + " bytes of " + length);
                wait(left);
            }
            return bytes.toByteArray();
        }

        synchronized int awaitEnd() throws InterruptedException {
            while (!ended) {
                wait();
            }
            return bytes.size();
        }
    }
}
