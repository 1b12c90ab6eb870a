/* Copyright 2026 The Netty IPC Authors. Licensed under the Apache License, Version 2.0; see LICENSE. */
package io.nettyipc.shm.control;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.netty.bootstrap.ServerBootstrap;
import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.ChannelOutboundHandlerAdapter;
import io.netty.channel.ChannelPromise;
import io.netty.util.ReferenceCountUtil;
import io.nettyipc.base.testing.OpenHandles;
import io.nettyipc.base.testing.TestSize;
import io.nettyipc.shm.ShmAddress;
import io.nettyipc.shm.ShmChannel;
import io.nettyipc.shm.ShmChannelOption;
import io.nettyipc.shm.ShmServerChannel;
import io.nettyipc.shm.control.RawPeer.CLibrary;
import io.nettyipc.shm.lease.Nonsense;
import io.nettyipc.shm.ring.CorruptRingException;
import io.nettyipc.shm.segment.Segment;
import io.nettyipc.shm.segment.Segment.Kind;
import java.io.IOException;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;

/** Clients that lie about messages that are not copied: in the handshake, and in the memory that both sides lend. */
class HostileLenderTest extends AbstractHostileTest {

    private static final int MUTATIONS = TestSize.of(2_000, 100_000);
    private static final Kind KIND = Kind.valueOf(RawPeer.WINDOWS ? "SECTION" : "MEMFD");
    private static final int ALL_SEALS = CLibrary.SEAL | CLibrary.SHRINK | CLibrary.GROW | CLibrary.FUTURE_WRITE;

    private static final int LEASES = 4;
    private static final int SLOTS = 64 << 10;
    private static final LeaseTerms TERMS = new LeaseTerms(SLOTS, SLOTS, LEASES);

    // In each side's memory for leases: a page for what the side gives back, one for its descriptors, and its slots.
    private static final int DESCRIPTORS = 4096;
    private static final int DESCRIPTOR_SIZE = 32;
    private static final int LEASED_SIZE = 2 * 4096 + SLOTS;

    private final BlockingQueue<Victim> victims = new LinkedBlockingQueue<>();
    private Channel server;
    private ShmAddress address;

    @Override
    void prepare() throws Exception {
        server = bind(SLOTS);
        address = (ShmAddress) server.localAddress();
        try (RawPeer peer = connected()) {
            peer.ring();
        }
        next(victims).assertCloses();
    }

    private Channel bind(int leaseMemory) throws InterruptedException {
        return new ServerBootstrap()
                .group(loop)
                .channel(ShmServerChannel.class)
                // For two connections: memory that is not given back would soon be missed.
                .option(ShmChannelOption.SHM_MAX_MEMORY, 4L * (SIZE + LEASED_SIZE))
                .childOption(ChannelOption.ALLOCATOR, allocator)
                .childOption(ShmChannelOption.SHM_SEND_CAPACITY, CAPACITY)
                .childOption(ShmChannelOption.SHM_RECEIVE_CAPACITY, CAPACITY)
                .childOption(ShmChannelOption.SHM_LEASE_SEND_MEMORY, leaseMemory)
                .childOption(ShmChannelOption.SHM_LEASE_RECEIVE_MEMORY, leaseMemory)
                .childOption(ShmChannelOption.SHM_MAX_LEASES, LEASES)
                .childOption(ShmChannelOption.SHM_ZERO_COPY_THRESHOLD, 1)
                .childHandler(new ChannelInitializer<>() {
                    @Override
                    protected void initChannel(Channel channel) {
                        Victim victim = new Victim(channel);
                        channel.pipeline().addLast(new Lender(), new PoliteEcho(), victim);
                        victims.add(victim);
                    }
                })
                .bind(newAddress())
                .sync()
                .channel();
    }

    @AfterEach
    void closeServer() throws InterruptedException {
        server.close().sync();
    }

    /** Has the echo write what is lent. */
    private static final class Lender extends ChannelOutboundHandlerAdapter {
        @Override
        public void write(ChannelHandlerContext ctx, Object msg, ChannelPromise promise) {
            ByteBuf bytes = (ByteBuf) msg;
            ByteBuf lent =
                    ((ShmChannel) ctx.channel()).sharedAllocator().directBuffer(Math.max(1, bytes.readableBytes()));
            ctx.write(lent.writeBytes(bytes), promise);
            bytes.release();
        }
    }

    private RawPeer connected() throws IOException {
        RawPeer peer = withRings();
        peer.lend(TERMS, LEASES);
        return peer;
    }

    private RawPeer withRings() throws IOException {
        RawPeer peer = RawPeer.connect(address);
        peer.handshake(KIND, false, CAPACITY, TERMS);
        return peer;
    }

    private String refusal(RawPeer peer) throws Exception {
        String reason = peer.refusal();
        Victim victim = next(victims);
        victim.assertCloses();
        assertTrue(victim.failed(IOException.class), "closed without an exception");
        assertFalse(victim.wasActive);
        assertEquals(victim.reason(), reason, "both sides are told the same");
        return reason;
    }

    // ---- in the handshake

    /** Sends these instead of the memory for leases, and closes them. */
    private String refusalOfMemory(int... descriptors) throws Exception {
        try (RawPeer peer = withRings()) {
            peer.send(new HandshakeMessage.SegmentName(""), descriptors);
            return refusal(peer);
        } finally {
            for (int descriptor : descriptors) {
                CLibrary.close(descriptor);
            }
        }
    }

    @Test
    @DisabledOnOs(value = OS.WINDOWS, disabledReason = "pipes carry no descriptors")
    void whatIsWrongWithTheMemoryIsSaid() throws Exception {
        for (long size : new long[] {0, SIZE, LEASED_SIZE - 1, LEASED_SIZE + 1, LEASED_SIZE + 4096, 1L << 40}) {
            assertEquals(
                    "the peer's memory has " + size + " bytes, not " + LEASED_SIZE + " as it said",
                    refusalOfMemory(CLibrary.memfd(size, ALL_SEALS)));
        }
        assertEquals(
                "the peer's memory lacks the seals F_SEAL_SHRINK F_SEAL_GROW F_SEAL_FUTURE_WRITE F_SEAL_SEAL",
                refusalOfMemory(CLibrary.memfd(LEASED_SIZE, 0)));
        assertEquals(
                "the peer's memory lacks the seals F_SEAL_SHRINK",
                refusalOfMemory(CLibrary.memfd(LEASED_SIZE, ALL_SEALS & ~CLibrary.SHRINK)));
        String noMemory = "the peer's descriptor is not one of shared memory with seals";
        assertEquals(noMemory, refusalOfMemory(newEventFd()));
        assertEquals(noMemory, refusalOfMemory(CLibrary.open("/dev/zero", 2)));
        assertEquals("the peer sent 0 descriptors with its message, not 1", refusalOfMemory());
        assertEquals(
                "the peer sent 2 descriptors with its message, not 1",
                refusalOfMemory(CLibrary.memfd(LEASED_SIZE, ALL_SEALS), CLibrary.memfd(LEASED_SIZE, ALL_SEALS)));
        assertEquals(
                "the peer sent more than 2 descriptors, which no message has",
                refusalOfMemory(newEventFd(), newEventFd(), newEventFd()));
    }

    @Test
    void whatIsWrongWithTheTermsIsSaid() throws Exception {
        long[][] wrong = {
            {(1 << 30) + 1, 0, 1}, {0, (1 << 30) + 1, 1}, {4096, 4096, 0}, {4096, 4096, 65_537}, {1, -1, 0}
        };
        for (long[] terms : wrong) {
            try (RawPeer peer = RawPeer.connect(address)) {
                peer.send(RawPeer.hello(
                        KIND, false, CAPACITY, new LeaseTerms((int) terms[0], (int) terms[1], (int) terms[2])));
                assertEquals(
                        "the client asks for " + terms[0] + " and " + (terms[1] & 0xFFFF_FFFFL)
                                + " bytes of memory for leases and " + terms[2]
                                + " leases; at most 1073741824 and 1 to 65536 are possible",
                        refusal(peer));
            }
        }
    }

    /** The server decides by what it has, whatever a client asks for. */
    @Test
    void aClientGetsNoMoreThanTheServerOffers() throws Exception {
        try (RawPeer peer = RawPeer.connect(address)) {
            peer.send(RawPeer.hello(KIND, false, CAPACITY, new LeaseTerms(1 << 30, 1 << 30, LEASES)));
            HandshakeMessage.Welcome welcome = assertInstanceOf(HandshakeMessage.Welcome.class, peer.receive());
            assertEquals(new AgreedLeases(SLOTS, SLOTS, LEASES, LEASES), welcome.leases);
        }
        next(victims).assertCloses();
    }

    @Test
    void memoryThatComesTwiceIsRefused() throws Exception {
        try (RawPeer peer = withRings();
                Segment memory = Segment.create(KIND, LEASED_SIZE)) {
            for (int i = 0; i < 2; i++) {
                if (KIND == Kind.MEMFD) {
                    peer.send(new HandshakeMessage.SegmentName(""), memory.descriptor());
                } else {
                    peer.send(new HandshakeMessage.SegmentName(memory.name()));
                }
            }
            assertInstanceOf(HandshakeMessage.SegmentName.class, peer.receive());
            assertEquals("the peer sent SegmentName where that is not expected", refusal(peer));
        }
    }

    @Test
    void aClientThatIsReadyBeforeItLendsIsRefused() throws Exception {
        try (RawPeer peer = withRings()) {
            peer.send(new HandshakeMessage.Ready());
            assertEquals("the peer sent Ready where that is not expected", refusal(peer));
        }
    }

    @Test
    @DisabledOnOs(value = OS.WINDOWS, disabledReason = "pipes carry no descriptors")
    void aDescriptorThatComesWithTheLastMessageIsRefused() throws Exception {
        int descriptor = newEventFd();
        try (RawPeer peer = withRings();
                Segment memory = Segment.create(KIND, LEASED_SIZE)) {
            peer.send(new HandshakeMessage.SegmentName(""), memory.descriptor());
            assertInstanceOf(HandshakeMessage.SegmentName.class, peer.receive());
            peer.send(new HandshakeMessage.Ready(), descriptor);
            assertEquals("the peer sent 1 descriptors with its message, not 0", refusal(peer));
        } finally {
            CLibrary.close(descriptor);
        }
    }

    /** By then the bytes of the control connection are rings, and its descriptors nobody's. */
    @Test
    @DisabledOnOs(value = OS.WINDOWS, disabledReason = "pipes carry no descriptors")
    void memoryThatNobodyAskedForIsNotTaken() throws Exception {
        Channel lendsNothing = bind(0);
        try (RawPeer peer = RawPeer.connect((ShmAddress) lendsNothing.localAddress());
                Segment memory = Segment.create(KIND, LEASED_SIZE)) {
            peer.handshake(KIND, false, CAPACITY, TERMS);
            Victim victim = next(victims);
            turn();
            int handles = OpenHandles.count();
            for (int i = 0; i < 20; i++) {
                peer.send(new HandshakeMessage.SegmentName(""), memory.descriptor());
            }
            turn();
            assertEquals(handles, OpenHandles.count());
            assertTrue(victim.channel.isActive());
            assertEquals(0, ((ShmChannel) victim.channel).terms().leaseReceiveMemory());
        }
        lendsNothing.close().sync();
    }

    @Test
    void aClientThatLeavesInTheMiddleLeavesNothing() throws Exception {
        for (int i = 0; i < 20; i++) {
            try (RawPeer peer = withRings();
                    Segment memory = Segment.create(KIND, LEASED_SIZE)) {
                if (i % 2 == 0) {
                    if (KIND == Kind.MEMFD) {
                        peer.send(new HandshakeMessage.SegmentName(""), memory.descriptor());
                    } else {
                        peer.send(new HandshakeMessage.SegmentName(memory.name()));
                    }
                    assertInstanceOf(HandshakeMessage.SegmentName.class, peer.receive());
                }
            }
            Victim victim = next(victims);
            victim.assertCloses();
            assertTrue(victim.failed(HandshakeException.class));
        }
    }

    // ---- in what is lent

    /** A client that lends and borrows rightly, but for what it is asked to spoil. */
    private final class Liar implements AutoCloseable {

        final RawPeer peer;
        final Victim victim;
        private long sent;
        private long position;
        private final long[] lent = new long[LEASES];
        private long taken;
        private final long[] given = new long[LEASES];

        Liar() throws Exception {
            peer = connected();
            victim = next(victims);
        }

        /** Returns a lease that the victim has not, or -1. */
        int freeLease() {
            for (int lease = 0; lease < LEASES; lease++) {
                if (peer.othersLeases().buffer().getLong(lease * Long.BYTES) == lent[lease]) {
                    return lease;
                }
            }
            return -1;
        }

        int descriptor() {
            return DESCRIPTORS + (int) (sent % LEASES) * DESCRIPTOR_SIZE;
        }

        /** Stores a descriptor, which is not shown yet. */
        int lend(int lease, int from, int length) {
            ByteBuffer memory = peer.ownLeases().buffer();
            int at = descriptor();
            memory.putLong(at + 8, position)
                    .putInt(at + 16, lease)
                    .putInt(at + 20, 8)
                    .putInt(at + 24, from)
                    .putInt(at + 28, length);
            VarHandle.releaseFence();
            memory.putLong(at, ++sent);
            lent[lease]++;
            return at;
        }

        /** Shows the mark of what was stored last. */
        void show() throws IOException {
            position += 8;
            peer.own().buffer().putLong(TAIL, position << TAIL_BITS);
            VarHandle.fullFence();
            peer.ringOrNot();
        }

        /** Reads all that the victim has sent, and gives back what it lent with that. */
        void giveBack() {
            peer.own().buffer().putLong(HEAD, peer.others().buffer().getLong(TAIL) >>> TAIL_BITS);
            ByteBuffer lentToUs = peer.othersLeases().buffer();
            while (lentToUs.getLong(DESCRIPTORS + (int) (taken % LEASES) * DESCRIPTOR_SIZE) == taken + 1) {
                int lease = lentToUs.getInt(DESCRIPTORS + (int) (taken % LEASES) * DESCRIPTOR_SIZE + 16);
                peer.ownLeases().buffer().putLong(lease * Long.BYTES, ++given[lease]);
                taken++;
            }
            VarHandle.fullFence();
        }

        /** The victim closes, and says why. */
        String reason() {
            victim.assertCloses();
            assertTrue(victim.failed(CorruptRingException.class), "closed without an exception");
            return victim.reason();
        }

        @Override
        public void close() throws IOException {
            peer.close();
        }
    }

    @Test
    void anHonestClientIsAnswered() throws Exception {
        try (Liar honest = new Liar()) {
            for (int i = 0; i < 100; i++) {
                honest.lend(honest.freeLease(), 7 * i, 100);
                honest.show();
                for (int j = 0; honest.taken <= i && j < 10_000; j++) {
                    turn();
                    honest.giveBack();
                }
                assertEquals(i + 1, honest.taken, "answers");
            }
            ShmChannel victim = (ShmChannel) honest.victim.channel;
            assertEquals(100, victim.leaseMetrics().received());
            assertEquals(100, victim.leaseMetrics().sent());
            assertEquals(0, victim.leaseMetrics().peerHolds());
            honest.peer.hangUp();
            honest.victim.assertCloses();
        }
    }

    @Test
    void aSlotOutOfRangeIsSaid() throws Exception {
        int[][] wrong = {
            {-1, 100}, {SLOTS, 1}, {SLOTS - 99, 100}, {0, SLOTS + 1}, {0, 0}, {0, -1}, {1, Integer.MAX_VALUE}
        };
        for (int[] place : wrong) {
            try (Liar liar = new Liar()) {
                liar.lend(0, place[0], place[1]);
                liar.show();
                assertEquals(
                        "the peer's message has " + place[1] + " bytes from " + place[0] + " on, in slots of " + SLOTS,
                        liar.reason());
            }
            assertInnocentIsAnswered();
        }
    }

    @Test
    void aLeaseThatIsUsedTwiceIsSaid() throws Exception {
        try (Liar liar = new Liar()) {
            BlockingQueue<Object> kept = new LinkedBlockingQueue<>();
            liar.victim.channel.pipeline().addFirst(new ChannelInboundHandlerAdapter() {
                @Override
                public void channelRead(ChannelHandlerContext ctx, Object msg) {
                    kept.add(msg);
                }
            });
            // It is called for nothing before the loop has added it.
            turn();
            for (int i = 0; i < 2; i++) {
                liar.lend(2, 0, 100);
                liar.show();
            }
            assertEquals("the peer's message is lease 2, which is not given back", liar.reason());
            assertEquals(1, kept.size());
            kept.forEach(ReferenceCountUtil::release);
        }
    }

    @Test
    void whatIsGivenBackTwiceIsSaid() throws Exception {
        try (Liar liar = new Liar()) {
            for (int i = 0; i < 2; i++) {
                liar.lend(liar.freeLease(), 0, 100);
                liar.show();
                turn();
                turn();
                liar.giveBack();
                for (int lease = 0; i == 0 && lease < LEASES; lease++) {
                    liar.peer.ownLeases().buffer().putLong(lease * Long.BYTES, liar.given[lease] + 1);
                }
                VarHandle.fullFence();
            }
            String reason = liar.reason();
            assertTrue(reason.matches("the peer has given lease \\d back \\d times; it had it \\d times"), reason);
        }
    }

    @Test
    void randomDescriptorsAndReturnsCloseThatChannelAndNoOther() throws Exception {
        Liar liar = null;
        int refused = 0;
        long received = 0;
        long sent = 0;
        for (int mutation = 0; mutation < MUTATIONS; mutation++) {
            if (liar == null) {
                liar = new Liar();
            }
            int lease = liar.freeLease();
            if (lease >= 0) {
                int from = random.nextInt(SLOTS);
                int at = liar.lend(lease, from, random.nextInt(1, Math.min(3000, SLOTS - from + 1)));
                spoil(liar, at);
                liar.show();
            } else {
                spoil(liar, liar.descriptor());
                liar.peer.ringOrNot();
            }
            turn();
            liar.giveBack();
            ShmChannel channel = (ShmChannel) liar.victim.channel;
            // A place far ahead stops the victim's reading, which harms the liar alone.
            if (!channel.isOpen() || random.nextInt(lease < 0 ? 3 : 50) == 0) {
                if (!channel.isOpen()) {
                    refused++;
                    assertTrue(liar.reason().startsWith("the peer"), liar::reason);
                }
                received += channel.leaseMetrics().received();
                sent += channel.leaseMetrics().sent();
                liar.close();
                liar.victim.assertCloses();
                liar = null;
            }
            if (mutation % 500 == 0) {
                assertInnocentIsAnswered();
            }
        }
        if (liar != null) {
            liar.close();
            liar.victim.assertCloses();
        }
        System.out.println(MUTATIONS + " mutations, " + refused + " channels closed by them, " + received
                + " messages borrowed, " + sent + " lent");
        assertTrue(refused > MUTATIONS / 20, refused + " refused");
        assertTrue(received > MUTATIONS / 10 && sent > MUTATIONS / 10, received + " borrowed, " + sent + " lent");
    }

    /** Half of the times, a word of a descriptor or of what is given back. */
    private void spoil(Liar liar, int descriptor) {
        ByteBuffer memory = liar.peer.ownLeases().buffer();
        int kind = random.nextInt(8);
        if (kind < 4) {
            int word = kind < 3
                    ? descriptor + random.nextInt(DESCRIPTOR_SIZE / Long.BYTES) * Long.BYTES
                    : random.nextInt(LEASES) * Long.BYTES;
            memory.putLong(word, Nonsense.insteadOf(memory.getLong(word), SLOTS, random));
            VarHandle.fullFence();
        }
    }
}
