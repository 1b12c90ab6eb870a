/* Copyright 2026 The Netty IPC Authors. Licensed under the Apache License, Version 2.0; see LICENSE. */
package io.nettyipc.shm;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.netty.bootstrap.Bootstrap;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelPromise;
import io.netty.channel.DefaultFileRegion;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.handler.codec.LengthFieldBasedFrameDecoder;
import io.nettyipc.base.testing.TestSize;
import io.nettyipc.shm.segment.SystemResources;
import java.nio.channels.FileChannel;
import java.nio.channels.NotYetConnectedException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Messages that pass without a copy, among others, over a channel. */
@Timeout(60)
class ShmLeaseTest {

    private static final AtomicInteger NEXT_NAME = new AtomicInteger();
    private static final int MEMORY = 4 << 20;
    private static final int SIZE = 100_000;

    @TempDir
    Path directory;

    private final SystemResources before = SystemResources.count();
    private final EventLoopGroup servers = new MultiThreadIoEventLoopGroup(1, Shm.newIoHandlerFactory());
    private final EventLoopGroup clients = new MultiThreadIoEventLoopGroup(1, Shm.newIoHandlerFactory());
    private final ShmAddress address =
            ShmAddress.of("lease-" + ProcessHandle.current().pid() + '-' + NEXT_NAME.incrementAndGet());
    private final BlockingQueue<ByteBuf> received = new LinkedBlockingQueue<>();
    private final BlockingQueue<Object> serverEvents = new LinkedBlockingQueue<>();
    private final BlockingQueue<Object> clientEvents = new LinkedBlockingQueue<>();
    private final BlockingQueue<Channel> children = new LinkedBlockingQueue<>();
    private int sendMemory = MEMORY;
    private int receiveMemory = MEMORY;
    private int threshold = 64 << 10;
    private int maxLeases = 64;
    private int ring = 256 << 10;
    private ShmChannel client;
    private ShmChannel child;

    @AfterEach
    void shutDown() {
        servers.shutdownGracefully(0, 10, TimeUnit.SECONDS);
        clients.shutdownGracefully(0, 10, TimeUnit.SECONDS);
        assertTrue(servers.terminationFuture().awaitUninterruptibly(20, TimeUnit.SECONDS));
        assertTrue(clients.terminationFuture().awaitUninterruptibly(20, TimeUnit.SECONDS));
        received.forEach(ByteBuf::release);
    }

    private void connect() throws Exception {
        connect(new ChannelInboundHandlerAdapter());
    }

    private void connect(ChannelInboundHandlerAdapter decoder) throws Exception {
        new ServerBootstrap()
                .group(servers)
                .channel(ShmServerChannel.class)
                .childOption(ShmChannelOption.SHM_LEASE_RECEIVE_MEMORY, receiveMemory)
                .childOption(ShmChannelOption.SHM_MAX_LEASES, maxLeases)
                .childOption(ShmChannelOption.SHM_RECEIVE_CAPACITY, ring)
                .childHandler(new ChannelInitializer<>() {
                    @Override
                    protected void initChannel(Channel channel) {
                        channel.pipeline().addLast(decoder, new Receiver(serverEvents, children));
                    }
                })
                .bind(address)
                .sync();
        client = (ShmChannel) new Bootstrap()
                .group(clients)
                .channel(ShmChannel.class)
                .option(ShmChannelOption.SHM_LEASE_SEND_MEMORY, sendMemory)
                .option(ShmChannelOption.SHM_ZERO_COPY_THRESHOLD, threshold)
                .handler(new Receiver(clientEvents, new LinkedBlockingQueue<>()))
                .connect(address)
                .sync()
                .channel();
        child = (ShmChannel) children.poll(20, TimeUnit.SECONDS);
        assertNotNull(child);
    }

    private final class Receiver extends ChannelInboundHandlerAdapter {

        private final BlockingQueue<Object> events;
        private final BlockingQueue<Channel> active;

        Receiver(BlockingQueue<Object> events, BlockingQueue<Channel> active) {
            this.events = events;
            this.active = active;
        }

        @Override
        public void channelRead(ChannelHandlerContext ctx, Object msg) {
            received.add((ByteBuf) msg);
        }

        @Override
        public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
            events.add(event);
        }

        @Override
        public void channelActive(ChannelHandlerContext ctx) {
            active.add(ctx.channel());
        }

        @Override
        public void channelInactive(ChannelHandlerContext ctx) {
            events.add("inactive");
        }

        @Override
        public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
            events.add(cause);
        }
    }

    private ByteBuf message(int size, int seed) {
        return fill(client.sharedAllocator().directBuffer(size), size, seed);
    }

    private static ByteBuf fill(ByteBuf buffer, int size, int seed) {
        byte[] bytes = new byte[size];
        new SplittableRandom(seed).nextBytes(bytes);
        return buffer.writeBytes(bytes);
    }

    private static void assertFilled(ByteBuf buffer, int size, int seed) {
        ByteBuf expected = fill(Unpooled.buffer(size), size, seed);
        assertEquals(expected, buffer);
    }

    private ByteBuf next() throws InterruptedException {
        ByteBuf message = received.poll(20, TimeUnit.SECONDS);
        assertNotNull(message, "nothing came");
        return message;
    }

    private int memoryInUse() {
        return client.leaseMetrics().memoryInUse();
    }

    @Test
    void aLargeMessageIsReadWhereItWasWritten() throws Exception {
        connect();
        for (int i = 0; i < 200; i++) {
            client.writeAndFlush(message(SIZE, i)).sync();
            ByteBuf lease = next();
            assertTrue(lease.isReadOnly());
            assertFilled(lease, SIZE, i);
            assertEquals(1, child.leaseMetrics().held());
            lease.release();
            assertEquals(0, child.leaseMetrics().held());
        }
        assertEquals(200, client.leaseMetrics().sent());
        assertEquals(200, child.leaseMetrics().received());
        assertEquals(200L * SIZE, client.metrics().bytesWritten());
        assertEquals(200L * SIZE, child.metrics().bytesRead());
        assertEquals(0, memoryInUse());
        assertEquals(0, client.leaseMetrics().peerHolds());
    }

    @ParameterizedTest
    @CsvSource({"0, 0", "4194304, 0", "0, 4194304"})
    void allIsCopiedUnlessBothSidesWantLeases(int send, int receive) throws Exception {
        sendMemory = send;
        receiveMemory = receive;
        connect();
        assertSame(client.config().getAllocator(), client.sharedAllocator());
        client.writeAndFlush(message(SIZE, 1)).sync();
        int bytes = 0;
        while (bytes < SIZE) {
            ByteBuf part = next();
            assertFalse(part.isReadOnly());
            bytes += part.readableBytes();
            part.release();
        }
        assertEquals(ShmLeaseMetrics.NONE, client.leaseMetrics());
    }

    @Test
    void theServerMaySendThem() throws Exception {
        new ServerBootstrap()
                .group(servers)
                .channel(ShmServerChannel.class)
                .childOption(ShmChannelOption.SHM_LEASE_SEND_MEMORY, MEMORY)
                .childHandler(new ChannelInboundHandlerAdapter() {
                    @Override
                    public void channelActive(ChannelHandlerContext ctx) {
                        ByteBufAllocator allocator = ((ShmChannel) ctx.channel()).sharedAllocator();
                        ctx.writeAndFlush(fill(allocator.directBuffer(SIZE), SIZE, 7));
                    }
                })
                .bind(address)
                .sync();
        client = (ShmChannel) new Bootstrap()
                .group(clients)
                .channel(ShmChannel.class)
                .option(ShmChannelOption.SHM_LEASE_RECEIVE_MEMORY, 2 * MEMORY)
                .option(ShmChannelOption.SHM_MAX_LEASES, 3)
                .handler(new Receiver(clientEvents, new LinkedBlockingQueue<>()))
                .connect(address)
                .sync()
                .channel();
        ByteBuf lease = next();
        assertTrue(lease.isReadOnly());
        assertFilled(lease, SIZE, 7);
        lease.release();
    }

    @Test
    void aRingThatMayNotGrowHasRoomForThemToo() throws Exception {
        int size = MEMORY / 4;
        int messages = 50;
        new ServerBootstrap()
                .group(servers)
                .channel(ShmServerChannel.class)
                .childOption(ShmChannelOption.SHM_LEASE_SEND_MEMORY, MEMORY)
                .childHandler(new ChannelInboundHandlerAdapter() {
                    @Override
                    public void channelActive(ChannelHandlerContext ctx) {
                        ShmChannel channel = (ShmChannel) ctx.channel();
                        ShmServerChannel server = channel.parent();
                        server.config().setMaxMemory(server.metrics().memory());
                        for (int i = 0; i < messages; i++) {
                            ctx.writeAndFlush(
                                    channel.sharedAllocator().directBuffer(size).writeZero(size));
                        }
                    }
                })
                .bind(address)
                .sync();
        new Bootstrap()
                .group(clients)
                .channel(ShmChannel.class)
                .option(ShmChannelOption.SHM_LEASE_RECEIVE_MEMORY, MEMORY)
                .handler(new Receiver(clientEvents, new LinkedBlockingQueue<>()))
                .connect(address)
                .sync();
        long bytes = 0;
        int leases = 0;
        while (bytes < (long) size * messages) {
            ByteBuf message = next();
            bytes += message.readableBytes();
            leases += message.isReadOnly() ? 1 : 0;
            message.release();
        }
        assertTrue(leases > 0);
    }

    @Test
    void whatChangesMessagesInPlaceGetsCopies() throws Exception {
        connect(new ShmLeaseCopyHandler());
        client.writeAndFlush(message(SIZE, 1)).sync();
        ByteBuf copy = next();
        assertFalse(copy.isReadOnly());
        assertFilled(copy, SIZE, 1);
        copy.release();
        assertEquals(1, child.leaseMetrics().received());
        assertEquals(0, child.leaseMetrics().held());
    }

    @Test
    void thereIsNoSharedAllocatorBeforeTheConnection() {
        ShmChannel channel = new ShmChannel();
        assertThrows(NotYetConnectedException.class, channel::sharedAllocator);
        assertEquals(ShmLeaseMetrics.NONE, channel.leaseMetrics());
    }

    /** Copied, staged, leased, sliced and from files, flushed now and then, read now and then: one stream. */
    @ParameterizedTest
    @CsvSource({"262144, 65536", "262144, 1", "4096, 1", "4096, 20000", "65536, 1000"})
    void messagesOfAllKindsKeepTheirOrder(int ring, int threshold) throws Exception {
        this.ring = ring;
        this.threshold = threshold;
        connect();
        long seed = System.nanoTime();
        System.out.println("seed " + seed);
        SplittableRandom random = new SplittableRandom(seed);
        int messages = TestSize.of(1_500, 50_000);
        Path file = Files.createTempFile(directory, "region", "");
        long written = 0;
        long read = 0;
        List<ByteBuf> held = new ArrayList<>();
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
            ChannelFuture last = null;
            long filePosition = 0;
            for (int i = 0; i < messages; i++) {
                int size = random.nextInt(4) == 0 ? random.nextInt(1, 2 * SIZE) : random.nextInt(1, 2000);
                int kind = random.nextInt(6);
                if (kind == 0) {
                    ByteBuf bytes = pattern(Unpooled.buffer(size), size, written);
                    channel.write(bytes.nioBuffer(), filePosition);
                    last = client.write(
                            new DefaultFileRegion(FileChannel.open(file, StandardOpenOption.READ), filePosition, size));
                    filePosition += size;
                } else if (kind == 1) {
                    last = client.write(pattern(Unpooled.buffer(size), size, written));
                } else if (kind == 2) {
                    ByteBuf whole = client.sharedAllocator().directBuffer(size + 10);
                    pattern(whole.writeLong(0), size, written);
                    ByteBuf slice = whole.retainedSlice(8, size);
                    whole.release();
                    last = client.write(slice);
                } else {
                    last = client.write(pattern(client.sharedAllocator().directBuffer(size), size, written));
                }
                written += size;
                if (random.nextInt(5) == 0) {
                    client.flush();
                }
                if (random.nextInt(50) == 0) {
                    child.config().setAutoRead(false);
                }
                if (random.nextInt(20) == 0) {
                    child.config().setAutoRead(true);
                    last = client.writeAndFlush(Unpooled.EMPTY_BUFFER);
                    while (read < written - 20L * SIZE) {
                        read += check(next(), read, held, random);
                    }
                }
            }
            child.config().setAutoRead(true);
            client.flush();
            while (read < written) {
                read += check(next(), read, held, random);
            }
            assertTrue(last.sync().isSuccess());
        }
        held.forEach(ByteBuf::release);
        System.out.println(client.leaseMetrics());
        assertTrue(client.leaseMetrics().sent() > 0);
        assertEquals(client.leaseMetrics().sent(), child.leaseMetrics().received());
        assertEquals(0, child.leaseMetrics().held());
        assertEquals(0, memoryInUse());
    }

    private static ByteBuf pattern(ByteBuf buffer, int size, long position) {
        for (int i = 0; i < size; i++) {
            buffer.writeByte(patternAt(position + i));
        }
        return buffer;
    }

    private static byte patternAt(long position) {
        return (byte) (position * 31 + (position >>> 8) * 17);
    }

    private static int check(ByteBuf bytes, long position, List<ByteBuf> held, SplittableRandom random) {
        int length = bytes.readableBytes();
        for (int i = 0; i < length; i++) {
            if (bytes.getByte(bytes.readerIndex() + i) != patternAt(position + i)) {
                throw new AssertionError("byte " + (position + i) + " of " + bytes);
            }
        }
        held.add(bytes);
        while (held.size() > 20) {
            held.remove(random.nextInt(held.size())).release();
        }
        return length;
    }

    @Test
    void leasesOutliveTheChannelAndItsLoop() throws Exception {
        connect();
        client.writeAndFlush(message(SIZE, 1));
        client.writeAndFlush(message(SIZE, 2));
        ByteBuf first = next();
        ByteBuf second = next();
        ByteBuf unsent = message(SIZE, 3);
        client.close().sync();
        child.closeFuture().sync();
        assertFilled(first, SIZE, 1);
        shutDown();
        assertFilled(second, SIZE, 2);
        assertFilled(unsent, SIZE, 3);
        first.release();
        second.release();
        unsent.release();
        ByteBuf late = message(SIZE, 4);
        assertFilled(late, SIZE, 4);
        late.release();
        LargeMemories.awaitUnmapped();
        SystemResources.count().assertNotMoreThan(before);
    }

    @Test
    void aWriteThatIsNotSentGivesItsSlotBack() throws Exception {
        connect();
        ByteBuf cancelled = message(SIZE, 1);
        ChannelPromise promise = client.newPromise();
        client.eventLoop()
                .submit(() -> {
                    client.write(cancelled, promise);
                    promise.cancel(false);
                    client.flush();
                })
                .sync();
        assertEquals(0, cancelled.refCnt());
        ByteBuf sent = message(SIZE, 2);
        client.writeAndFlush(sent).sync();
        assertEquals(0, sent.refCnt());
        ByteBuf lease = next();
        assertFilled(lease, SIZE, 2);
        lease.release();
        assertEquals(0, memoryInUse());
        client.shutdownOutput().sync();
        ByteBuf late = message(SIZE, 3);
        assertThrows(ExecutionException.class, () -> client.writeAndFlush(late).get());
        assertEquals(0, late.refCnt());
        assertEquals(0, memoryInUse());
    }

    @Test
    void whatIsWrittenBeforeTheEndOfTheOutputArrives() throws Exception {
        connect();
        client.writeAndFlush(message(SIZE, 1));
        client.writeAndFlush(message(SIZE, 2));
        client.shutdownOutput().sync();
        for (int i = 1; i <= 2; i++) {
            ByteBuf lease = next();
            assertFilled(lease, SIZE, i);
            lease.release();
        }
        assertEquals("inactive", serverEvents.poll(20, TimeUnit.SECONDS));
    }

    @Test
    void whoHoldsAllLeasesGetsCopiesAndBothSidesHearOfIt() throws Exception {
        maxLeases = 2;
        connect();
        client.writeAndFlush(message(SIZE, 1)).sync();
        client.writeAndFlush(message(SIZE, 2)).sync();
        ByteBuf first = next();
        ByteBuf second = next();
        assertEquals(ShmLeasesExhaustedEvent.HOLDS_ALL, serverEvents.poll(20, TimeUnit.SECONDS));
        client.writeAndFlush(message(SIZE, 3)).sync();
        assertEquals(ShmLeasesExhaustedEvent.PEER_HOLDS_ALL, clientEvents.poll(20, TimeUnit.SECONDS));
        ByteBuf copy = Unpooled.buffer();
        while (copy.readableBytes() < SIZE) {
            ByteBuf part = next();
            assertFalse(part.isReadOnly());
            copy.writeBytes(part);
            part.release();
        }
        assertFilled(copy, SIZE, 3);
        first.release();
        client.writeAndFlush(message(SIZE, 4)).sync();
        ByteBuf fourth = next();
        assertTrue(fourth.isReadOnly());
        assertFilled(second, SIZE, 2);
        second.release();
        fourth.release();
    }

    @Test
    void aSenderWithoutRoomCopies() throws Exception {
        sendMemory = 300_000;
        connect();
        List<ByteBuf> held = new ArrayList<>();
        for (int i = 0; i < 5; i++) {
            client.writeAndFlush(message(SIZE, i)).sync();
        }
        assertEquals(ShmLeasesExhaustedEvent.MEMORY, clientEvents.poll(20, TimeUnit.SECONDS));
        ByteBuf all = Unpooled.buffer();
        while (all.readableBytes() < 5 * SIZE) {
            ByteBuf part = next();
            all.writeBytes(part, part.readerIndex(), part.readableBytes());
            held.add(part);
        }
        for (int i = 0; i < 5; i++) {
            assertFilled(all.readSlice(SIZE), SIZE, i);
        }
        assertEquals(2, client.leaseMetrics().sent());
        held.forEach(ByteBuf::release);
        assertEquals(0, memoryInUse());
    }

    @Test
    void aFrameDecoderSlicesALease() throws Exception {
        connect(new LengthFieldBasedFrameDecoder(1 << 20, 0, 4, 0, 4));
        ByteBuf frames = client.sharedAllocator().directBuffer(3 * SIZE);
        for (int i = 0; i < 2; i++) {
            fill(frames.writeInt(SIZE), SIZE, i);
        }
        client.writeAndFlush(frames).sync();
        for (int i = 0; i < 2; i++) {
            ByteBuf frame = next();
            assertTrue(frame.isReadOnly(), "copied");
            assertFilled(frame, SIZE, i);
            frame.release();
        }
        assertEquals(0, child.leaseMetrics().held());
    }

    @Test
    void theTermsSayHowMuchMemoryIsLent() throws Exception {
        receiveMemory = MEMORY - 1;
        connect();
        int agreed = MEMORY - 4096;
        assertEquals(agreed, client.terms().leaseSendMemory());
        assertEquals(0, client.terms().leaseReceiveMemory());
        assertEquals(0, child.terms().leaseSendMemory());
        assertEquals(agreed, child.terms().leaseReceiveMemory());
        String text = client.toString();
        assertTrue(text.endsWith(", leases " + agreed + " bytes to send, 0 to receive]"), text);
    }

    @Test
    void memoryForLeasesIsOfTheServersBudget() throws Exception {
        connect();
        assertTrue(client.metrics().memory() > MEMORY);
        assertEquals(client.metrics().memory(), child.metrics().memory());
        assertEquals(client.metrics().memory(), child.parent().metrics().memory());
    }
}
