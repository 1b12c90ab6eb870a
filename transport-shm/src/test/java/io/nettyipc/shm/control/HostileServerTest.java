/* Copyright 2026 The Netty IPC Authors. Licensed under the Apache License, Version 2.0; see LICENSE. */
package io.nettyipc.shm.control;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.netty.bootstrap.Bootstrap;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelOption;
import io.netty.channel.unix.Socket;
import io.nettyipc.base.testing.TestSize;
import io.nettyipc.shm.ShmAddress;
import io.nettyipc.shm.ShmChannel;
import io.nettyipc.shm.ShmChannelOption;
import io.nettyipc.shm.control.RawPeer.CLibrary;
import io.nettyipc.shm.segment.Segment;
import io.nettyipc.shm.segment.Segment.Kind;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Servers that lie: in the handshake, so that the connect fails, says why, and tells the server; and in the ring. */
@EnabledOnOs(value = OS.LINUX, disabledReason = "the server is a plain Unix socket that passes descriptors")
class HostileServerTest extends AbstractHostileTest {

    private static final int VERSION = HandshakeMessage.VERSION;
    private static final int MEMFD = HandshakeMessage.bit(Kind.MEMFD);
    private static final int ALL_SEALS = CLibrary.SEAL | CLibrary.SHRINK | CLibrary.GROW | CLibrary.FUTURE_WRITE;
    private static final int MUTATIONS = TestSize.of(500, 10_000);
    private static final int RING_MUTATIONS = TestSize.of(1_000, 20_000);

    private final ShmAddress address = newAddress();
    private Socket listener;
    /** What the client would lend and borrow. */
    private int leaseMemory;

    @Override
    void prepare() throws Exception {
        listener = RawPeer.listen(address);
        // Once through everything that is created once.
        refusal(peer -> peer.send(new HandshakeMessage.Refused("not today")));
    }

    @AfterEach
    void closeListener() throws IOException {
        listener.close();
        Files.deleteIfExists(Path.of(address.control().path()));
    }

    private interface Answer {
        void send(RawPeer peer) throws Exception;
    }

    private ChannelFuture connect(int timeoutMillis) {
        return connect(timeoutMillis, new PoliteEcho());
    }

    private ChannelFuture connect(int timeoutMillis, ChannelHandler handler) {
        return new Bootstrap()
                .group(loop)
                .channel(ShmChannel.class)
                .option(ChannelOption.ALLOCATOR, allocator)
                .option(ShmChannelOption.SHM_SEND_CAPACITY, CAPACITY)
                .option(ShmChannelOption.SHM_RECEIVE_CAPACITY, CAPACITY)
                .option(ShmChannelOption.SHM_LEASE_SEND_MEMORY, leaseMemory)
                .option(ShmChannelOption.SHM_LEASE_RECEIVE_MEMORY, leaseMemory)
                .option(ShmChannelOption.SHM_HANDSHAKE_TIMEOUT_MILLIS, timeoutMillis)
                .handler(handler)
                .connect(address);
    }

    /** Lets a client connect, answers its HELLO so, and returns why its connect failed; the server is told the same. */
    private String refusal(Answer answer) throws Exception {
        return refusal(answer, 10_000);
    }

    private String refusal(Answer answer, int timeoutMillis) throws Exception {
        ChannelFuture connect = connect(timeoutMillis);
        try (RawPeer peer = RawPeer.accept(listener)) {
            assertInstanceOf(HandshakeMessage.Hello.class, peer.receive());
            answer.send(peer);
            assertTrue(connect.awaitUninterruptibly(20, TimeUnit.SECONDS), "the connect never ends");
            assertFalse(connect.isSuccess(), "the connect succeeded");
            assertInstanceOf(IOException.class, connect.cause());
            assertTrue(connect.channel().closeFuture().awaitUninterruptibly(20, TimeUnit.SECONDS), "stays open");
            String reason = connect.cause().getMessage();
            if (!reason.startsWith("the peer refused")) {
                assertEquals(reason, peer.refusal());
            }
            return reason;
        }
    }

    private static HandshakeMessage welcome(int version, int kind, int doorbell, long client, long server) {
        return new HandshakeMessage.Welcome(
                version, kind, doorbell, client, server, AgreedLeases.NONE, false, null, "");
    }

    /** Sends a WELCOME that is right, with these descriptors, and closes them. */
    private String refusalOfMemory(int... descriptors) throws Exception {
        try {
            return refusal(peer ->
                    peer.send(welcome(VERSION, MEMFD, HandshakeMessage.EVENT_FD, CAPACITY, CAPACITY), descriptors));
        } finally {
            for (int descriptor : descriptors) {
                CLibrary.close(descriptor);
            }
        }
    }

    @Test
    void whatIsWrongWithAWelcomeIsSaid() throws Exception {
        assertEquals(
                "the server answers with version 7 of the shared-memory handshake, and only version 5 is known here",
                refusal(peer -> peer.send(welcome(7, MEMFD, 2, CAPACITY, CAPACITY))));
        for (int kind : new int[] {0, 3, 4, 8, 255}) {
            assertEquals(
                    "the server chose the kind of memory " + Integer.toBinaryString(kind)
                            + ", which is none that this client may use: 11",
                    refusal(peer -> peer.send(welcome(VERSION, kind, 2, CAPACITY, CAPACITY))));
        }
        for (int doorbell : new int[] {0, 3, 4, 31}) {
            assertEquals(
                    "the server chose the doorbell " + Integer.toBinaryString(doorbell)
                            + ", which is none that this client may use: 11",
                    refusal(peer -> peer.send(welcome(VERSION, MEMFD, doorbell, CAPACITY, CAPACITY))));
        }
        for (long capacity : new long[] {0, 1, 4095, 1L << 31, 0xFFFF_FFFFL}) {
            String tail = "; that has to be a power of two from 4096 to 1073741824";
            assertEquals(
                    "the peer asks for " + capacity + " bytes of capacity for the client's ring" + tail,
                    refusal(peer -> peer.send(welcome(VERSION, MEMFD, 2, capacity, CAPACITY))));
            assertEquals(
                    "the peer asks for " + capacity + " bytes of capacity for its own ring" + tail,
                    refusal(peer -> peer.send(welcome(VERSION, MEMFD, 2, CAPACITY, capacity))));
        }
        assertEquals(
                "the server chose capacities of 1073741824 and 4096 bytes; the client asked for at most 4096 and 4096",
                refusal(peer -> peer.send(welcome(VERSION, MEMFD, 2, 1 << 30, CAPACITY))));
        assertEquals(
                "the server chose 4096 and 0 bytes of memory for leases and 1 and 0 leases; the client asked for at"
                        + " most 0 and 0 bytes, and for 1024 leases",
                refusal(peer -> peer.send(new HandshakeMessage.Welcome(
                        VERSION, MEMFD, 2, CAPACITY, CAPACITY, new AgreedLeases(4096, 0, 1, 0), false, null, ""))));
        assertEquals(
                "the peer sent Ready where that is not expected",
                refusal(peer -> peer.send(new HandshakeMessage.Ready())));
        assertEquals(
                "the peer does not speak the shared-memory handshake: its message has the type 0x53; is it a plain"
                        + " pipe or socket? Then use shared memory (ShmServerChannel, ShmChannel) at both ends, or a"
                        + " pipe (NamedPipe's channel types)",
                refusal(peer -> peer.send(RawPeer.text("SSH-2.0-OpenSSH_9.2\r\n"))));
        assertEquals(
                "the peer refused the connection: not today",
                refusal(peer -> peer.send(new HandshakeMessage.Refused("not today"))));
    }

    @Test
    void whatIsWrongWithTheMemoryIsSaid() throws Exception {
        assertEquals(
                "the peer's memory lacks the seals F_SEAL_SHRINK F_SEAL_GROW F_SEAL_FUTURE_WRITE F_SEAL_SEAL",
                refusalOfMemory(CLibrary.memfd(SIZE, 0), newEventFd()));
        assertEquals(
                "the peer's memory has " + (SIZE + 1) + " bytes, not " + SIZE + " as it said",
                refusalOfMemory(CLibrary.memfd(SIZE + 1, ALL_SEALS), newEventFd()));
        assertEquals(
                "the peer's doorbell is not an eventfd but /dev/null",
                refusalOfMemory(CLibrary.memfd(SIZE, ALL_SEALS), CLibrary.open("/dev/null", 2)));
        assertEquals("the peer sent 0 descriptors with its message, not 2", refusalOfMemory());
        assertEquals(
                "the peer sent more than 2 descriptors, which no message has",
                refusalOfMemory(CLibrary.memfd(SIZE, ALL_SEALS), newEventFd(), newEventFd()));
    }

    private static HandshakeMessage welcome(AgreedLeases leases) {
        return new HandshakeMessage.Welcome(VERSION, MEMFD, 2, CAPACITY, CAPACITY, leases, false, null, "");
    }

    @Test
    void whatIsWrongWithTheTermsForLeasesIsSaid() throws Exception {
        leaseMemory = 64 << 10;
        for (AgreedLeases wrong : new AgreedLeases[] {
            new AgreedLeases(leaseMemory + 4096, 0, 1, 0),
            new AgreedLeases(0, leaseMemory + 4096, 0, 1024),
            new AgreedLeases(0xFFFF_F000L, 0, 1, 0),
            new AgreedLeases(100, 0, 1, 0),
            new AgreedLeases(4096, 0, 0, 0),
            new AgreedLeases(4096, 0, 65_537, 0),
            new AgreedLeases(0, 4096, 0, 1),
            new AgreedLeases(0, 4096, 1, 1024),
            new AgreedLeases(0, 0, 1, 0),
        }) {
            String expected = "the server chose " + wrong.clientBytes() + " and " + wrong.serverBytes()
                    + " bytes of memory for leases and " + wrong.clientLeases() + " and " + wrong.serverLeases()
                    + " leases; the client asked for at most 65536 and 65536 bytes, and for 1024 leases";
            // The last would be none on the wire.
            ByteBuf bytes = wrong.isAny()
                    ? welcome(wrong).encode()
                    : welcome(new AgreedLeases(4096, 0, 1, 0)).encode().setInt(14, 0);
            assertEquals(expected, refusal(peer -> peer.send(bytes)));
        }
    }

    /** Sends a WELCOME that is right and then, for the memory for leases, these descriptors, and closes them. */
    private String refusalOfMemoryForLeases(HandshakeMessage message, int... descriptors) throws Exception {
        int ring = CLibrary.memfd(SIZE, ALL_SEALS);
        try {
            return refusal(peer -> {
                peer.send(welcome(new AgreedLeases(4096, 4096, 4, 1024)), ring);
                assertInstanceOf(HandshakeMessage.SegmentName.class, peer.receive());
                peer.send(message, descriptors);
            });
        } finally {
            CLibrary.close(ring);
            for (int descriptor : descriptors) {
                CLibrary.close(descriptor);
            }
        }
    }

    @Test
    void whatIsWrongWithTheMemoryForLeasesIsSaid() throws Exception {
        leaseMemory = 64 << 10;
        HandshakeMessage memory = new HandshakeMessage.SegmentName("");
        // A page for what is given back, eight for 1024 descriptors, and one slot.
        int size = 10 * 4096;
        assertEquals(
                "the peer's memory has " + (size + 4096) + " bytes, not " + size + " as it said",
                refusalOfMemoryForLeases(memory, CLibrary.memfd(size + 4096, ALL_SEALS)));
        assertEquals(
                "the peer's memory lacks the seals F_SEAL_FUTURE_WRITE",
                refusalOfMemoryForLeases(memory, CLibrary.memfd(size, ALL_SEALS & ~CLibrary.FUTURE_WRITE)));
        assertEquals(
                "the peer's descriptor is not one of shared memory with seals",
                refusalOfMemoryForLeases(memory, newEventFd()));
        assertEquals("the peer sent 0 descriptors with its message, not 1", refusalOfMemoryForLeases(memory));
        assertEquals(
                "the peer sent Ready where that is not expected",
                refusalOfMemoryForLeases(new HandshakeMessage.Ready()));
        assertEquals(
                "the peer sent Welcome where that is not expected",
                refusalOfMemoryForLeases(welcome(new AgreedLeases(4096, 4096, 4, 1024))));
    }

    /** The client finds out when it sends its HELLO, and what it was told is there by then. */
    @Test
    void aServerThatRefusesBeforeItIsSpokenToIsHeard() throws Exception {
        for (int i = 0; i < 20; i++) {
            ChannelFuture connect = loop.submit(() -> {
                        ChannelFuture begun = connect(10_000);
                        // Right after the system's connect, before all else.
                        loop.execute(() -> {
                            try (RawPeer peer = RawPeer.accept(listener)) {
                                peer.send(new HandshakeMessage.Refused("not today"));
                            } catch (IOException e) {
                                throw new AssertionError(e);
                            }
                        });
                        return begun;
                    })
                    .get();
            assertTrue(connect.awaitUninterruptibly(20, TimeUnit.SECONDS), "the connect never ends");
            assertFalse(connect.isSuccess(), "the connect succeeded");
            assertEquals(
                    "the peer refused the connection: not today",
                    connect.cause().getMessage());
        }
    }

    /** Its descriptor becomes another one's in the middle of the handshake: a way to make the system refuse it. */
    @Test
    void aDoorbellThatCannotBeWatchedIsRungByBytes() throws Exception {
        int memory = CLibrary.memfd(SIZE, ALL_SEALS);
        int eventFd = newEventFd();
        Set<Integer> before = CLibrary.eventFds();
        ChannelFuture connect = connect(10_000);
        try (RawPeer peer = RawPeer.accept(listener)) {
            peer.receive();
            Set<Integer> clients = CLibrary.eventFds();
            clients.removeAll(before);
            clients.removeAll(peer.descriptors());
            assertEquals(1, clients.size());
            CLibrary.replaceByFile(clients);
            peer.send(welcome(VERSION, MEMFD, HandshakeMessage.EVENT_FD, CAPACITY, CAPACITY), memory, eventFd);
            assertTrue(connect.awaitUninterruptibly(20, TimeUnit.SECONDS), "the connect never ends");
            assertTrue(connect.isSuccess(), "not connected");
            for (int i = 0; i < 10; i++) {
                peer.ring();
                turn();
            }
            assertTrue(connect.channel().isActive());
            peer.hangUp();
            assertTrue(connect.channel().closeFuture().awaitUninterruptibly(20, TimeUnit.SECONDS), "stays open");
        } finally {
            CLibrary.close(memory);
            CLibrary.close(eventFd);
        }
    }

    @Test
    void aServerThatStallsIsLeftInTimeInEachPhase() throws Exception {
        String expected = "the handshake took longer than 100 ms";
        String silent = refusal(peer -> {}, 100);
        assertTrue(silent.startsWith(expected + ": the server has taken the connection and said nothing"), silent);
        assertEquals(expected, refusal(peer -> peer.send(Unpooled.wrappedBuffer(new byte[] {2, 0})), 100));
        try (Segment memory = Segment.create(Kind.FILE, SIZE)) {
            assertEquals(
                    expected,
                    refusal(
                            peer -> {
                                peer.send(new HandshakeMessage.Welcome(
                                        VERSION,
                                        HandshakeMessage.bit(Kind.FILE),
                                        HandshakeMessage.CONTROL_BYTE,
                                        CAPACITY,
                                        CAPACITY,
                                        AgreedLeases.NONE,
                                        false,
                                        null,
                                        memory.name()));
                                assertInstanceOf(HandshakeMessage.SegmentName.class, peer.receive());
                            },
                            100));
        }
    }

    @Test
    void aServerThatClosesInTheMiddleFailsTheConnect() throws Exception {
        ChannelFuture connect = connect(10_000);
        try (RawPeer peer = RawPeer.accept(listener)) {
            peer.receive();
        }
        assertTrue(connect.awaitUninterruptibly(20, TimeUnit.SECONDS), "the connect never ends");
        assertEquals(
                "the peer closed the connection in the middle of the handshake",
                connect.cause().getMessage());
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void randomValuesInSharedWordsCloseThatChannelAndNoOther(boolean eventFd) throws Exception {
        BlockingQueue<Victim> victims = new LinkedBlockingQueue<>();
        int refused = lieInTheRing(RING_MUTATIONS / 2, () -> {
            ChannelFuture connect = connect(10_000, victimInitializer(victims));
            RawPeer peer = RawPeer.accept(listener);
            peer.serve(eventFd, CAPACITY);
            assertTrue(connect.awaitUninterruptibly(20, TimeUnit.SECONDS) && connect.isSuccess(), "not connected");
            return new Attack(peer, next(victims));
        });
        assertTrue(refused > 0, "nothing refused");
    }

    @Test
    void welcomesThatAreAlmostRightHarmNobody() throws Exception {
        int failed = 0;
        for (int mutation = 0; mutation < MUTATIONS; mutation++) {
            int[] descriptors = random.nextBoolean()
                    ? new int[] {CLibrary.memfd(SIZE, random.nextInt(4) == 0 ? random.nextInt(32) : ALL_SEALS)}
                    : new int[random.nextInt(3)];
            for (int i = 0; i < descriptors.length; i++) {
                descriptors[i] = descriptors[i] == 0 ? newEventFd() : descriptors[i];
            }
            ChannelFuture connect = connect(10_000);
            try (RawPeer peer = RawPeer.accept(listener)) {
                assertInstanceOf(HandshakeMessage.Hello.class, peer.receive());
                peer.send(mutated(welcome(VERSION, MEMFD, 2, CAPACITY, CAPACITY)), descriptors);
                // Not expected any more if that was right.
                peer.send(new HandshakeMessage.Ready());
                turn();
            } finally {
                for (int descriptor : descriptors) {
                    CLibrary.close(descriptor);
                }
            }
            assertTrue(connect.awaitUninterruptibly(20, TimeUnit.SECONDS), "the connect never ends");
            if (!connect.isSuccess()) {
                failed++;
                assertInstanceOf(IOException.class, connect.cause());
            }
            assertTrue(connect.channel().closeFuture().awaitUninterruptibly(20, TimeUnit.SECONDS), "stays open");
            if (mutation % 100 == 0) {
                assertInnocentIsAnswered();
            }
        }
        System.out.println(MUTATIONS + " answers, " + failed + " refused");
        assertTrue(failed > MUTATIONS / 4, failed + " refused");
    }
}
