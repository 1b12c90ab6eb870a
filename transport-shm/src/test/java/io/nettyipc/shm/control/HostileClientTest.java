/* Copyright 2026 The Netty IPC Authors. Licensed under the Apache License, Version 2.0; see LICENSE. */
package io.nettyipc.shm.control;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.socket.DuplexChannel;
import io.nettyipc.base.testing.OpenHandles;
import io.nettyipc.base.testing.TestSize;
import io.nettyipc.shm.Shm;
import io.nettyipc.shm.ShmAddress;
import io.nettyipc.shm.ShmChannel;
import io.nettyipc.shm.ShmChannelOption;
import io.nettyipc.shm.control.RawPeer.CLibrary;
import io.nettyipc.shm.ring.CorruptRingException;
import io.nettyipc.shm.ring.RingLayout;
import io.nettyipc.shm.segment.LargeMemory;
import io.nettyipc.shm.segment.Segment;
import io.nettyipc.shm.segment.Segment.Kind;
import io.nettyipc.shm.segment.SystemResources;
import io.nettyipc.shm.testing.FlightRecording;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.io.UncheckedIOException;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import jdk.jfr.consumer.RecordedEvent;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Clients that lie, in the handshake and in the ring, and those that stall, flood, and never read. */
class HostileClientTest extends AbstractHostileTest {

    private static final int RING_MUTATIONS = TestSize.of(1_000, 40_000);
    private static final int HANDSHAKE_MUTATIONS = TestSize.of(1_000, 30_000);

    private final BlockingQueue<Victim> victims = new LinkedBlockingQueue<>();
    private Channel server;
    private ShmAddress address;

    @Override
    void prepare() throws Exception {
        server = victims(victims)
                // For two connections: memory that is not given back would soon be missed.
                .option(ShmChannelOption.SHM_MAX_MEMORY, 4L * SIZE)
                .childOption(ShmChannelOption.SHM_SEND_CAPACITY, CAPACITY)
                .childOption(ShmChannelOption.SHM_RECEIVE_CAPACITY, CAPACITY)
                .bind(newAddress())
                .sync()
                .channel();
        address = (ShmAddress) server.localAddress();
        try (RawPeer peer = connected(OWN_KIND, !RawPeer.WINDOWS)) {
            peer.ring();
        }
        next(victims).assertCloses();
    }

    @AfterEach
    void closeServer() throws InterruptedException {
        server.close().sync();
    }

    private static final Kind OWN_KIND = Kind.valueOf(RawPeer.WINDOWS ? "SECTION" : "MEMFD");

    private RawPeer connected(Kind kind, boolean eventFd) throws IOException {
        RawPeer peer = RawPeer.connect(address);
        try {
            if (kind == Kind.MEMFD && eventFd) {
                peer.handshakeAtOnce(true, CAPACITY);
            } else {
                peer.handshake(kind, eventFd, CAPACITY);
            }
            return peer;
        } catch (IOException | RuntimeException | Error e) {
            peer.close();
            throw e;
        }
    }

    private String refusal(RawPeer peer) throws Exception {
        String reason = peer.refusal();
        Victim victim = next(victims);
        victim.assertCloses();
        assertTrue(victim.failed(IOException.class), "closed without an exception");
        assertEquals(victim.reason(), reason, "both sides are told the same");
        return reason;
    }

    @Nested
    class LyingInTheRing {

        @ParameterizedTest
        @ValueSource(booleans = {true, false})
        void randomValuesInSharedWordsCloseThatChannelAndNoOther(boolean eventFd) throws Exception {
            int refused = lieInTheRing(RING_MUTATIONS / 2, () -> {
                RawPeer peer = connected(OWN_KIND, eventFd && !RawPeer.WINDOWS);
                return new Attack(peer, next(victims));
            });
            assertTrue(refused > 0, "nothing refused");
        }

        @ParameterizedTest
        @ValueSource(booleans = {true, false})
        @DisabledOnOs(value = OS.WINDOWS, disabledReason = "sections do not shrink")
        void aFileThatIsTruncatedClosesThatChannelAndNoOther(boolean own) throws Exception {
            for (int i = 0; i < 20; i++) {
                try (RawPeer peer = RawPeer.connect(address)) {
                    // Its name is gone once the handshake is done.
                    peer.send(RawPeer.hello(Kind.FILE, false, CAPACITY));
                    HandshakeMessage.Welcome welcome = (HandshakeMessage.Welcome) peer.receive();
                    Segment segment = Segment.create(Kind.FILE, SIZE);
                    try (RandomAccessFile file = new RandomAccessFile(own ? segment.name() : welcome.name, "rw")) {
                        peer.send(new HandshakeMessage.SegmentName(segment.name()));
                        assertTrue(peer.receive() instanceof HandshakeMessage.Ready);
                        Victim victim = next(victims);
                        file.setLength(0);
                        peer.ring();
                        victim.assertCloses();
                        assertTrue(victim.failed(CorruptRingException.class));
                        assertEquals("shared memory cannot be accessed; was its file truncated?", victim.reason());
                    } finally {
                        segment.close();
                    }
                }
                assertInnocentIsAnswered();
            }
        }

        /** What is found while writing is told like what is found while reading. */
        @ParameterizedTest
        @ValueSource(booleans = {true, false})
        void aNonsensicalHeadThatIsFoundWhileWritingClosesTheChannelSayingSo(boolean autoClose) throws Exception {
            try (RawPeer peer = connected(OWN_KIND, false)) {
                Victim victim = next(victims);
                victim.channel.config().setAutoClose(autoClose);
                // The ring's room is known up to here: the next message looks for more.
                victim.channel
                        .writeAndFlush(Unpooled.wrappedBuffer(new byte[CAPACITY]))
                        .sync();
                peer.own().buffer().putLong(HEAD, CAPACITY + 1);
                VarHandle.fullFence();
                ChannelFuture write = victim.channel.writeAndFlush(Unpooled.wrappedBuffer(new byte[CAPACITY]));
                assertTrue(write.await(20, TimeUnit.SECONDS));
                assertInstanceOf(CorruptRingException.class, write.cause());
                victim.assertCloses();
                assertTrue(victim.failed(CorruptRingException.class), "closed without an exception");
                assertTrue(victim.reason().startsWith("the peer's "), victim.reason());
            }
        }

        @Test
        void theFlightRecorderIsToldWhatWasSeen() throws Exception {
            try (RawPeer peer = connected(OWN_KIND, false);
                    FlightRecording recording = new FlightRecording("io.nettyipc.ShmCorruptPeer")) {
                Victim victim = next(victims);
                peer.own().buffer().putLong(TAIL, -1);
                VarHandle.fullFence();
                peer.ring();
                victim.assertCloses();
                List<RecordedEvent> events = recording.stop();

                assertTrue(victim.failed(CorruptRingException.class), "closed without an exception");
                assertEquals(1, events.size(), events::toString);
                assertEquals(victim.reason(), events.get(0).getString("seen"));
                assertEquals(victim.channel.id().asShortText(), events.get(0).getString("channel"));
                assertEquals(address.toString(), events.get(0).getString("address"));
                assertEquals(
                        Shm.peer((ShmChannel) victim.channel).processId(),
                        events.get(0).getLong("peerProcess"));
            }
        }

        @Test
        void whatIsWrongForTheReaderAndTheWriterInOneTurnIsToldOnce() throws Exception {
            try (RawPeer peer = connected(OWN_KIND, false)) {
                Victim victim = next(victims);
                ByteBuffer memory = peer.own().buffer();
                victim.channel.pipeline().addFirst(new ChannelInboundHandlerAdapter() {
                    @Override
                    public void channelRead(ChannelHandlerContext ctx, Object msg) {
                        // The echo writes it, and flushes after the next read.
                        ctx.fireChannelRead(msg);
                        memory.putLong(TAIL, -1);
                        memory.putLong(DATA_WANTED, -1);
                        VarHandle.fullFence();
                    }
                });
                // It is called for nothing before the loop has added it.
                turn();
                memory.putLong(TAIL, 10 << TAIL_BITS);
                VarHandle.fullFence();
                peer.ring();
                victim.assertCloses();
                turn();
                assertTrue(victim.failed(CorruptRingException.class), "closed without an exception");
            }
        }

        @Test
        void aHandlerThatWritesWhenItIsToldOfTheFaultIsNotToldAgain() throws Exception {
            try (RawPeer peer = connected(OWN_KIND, false)) {
                Victim victim = next(victims);
                BlockingQueue<ChannelFuture> writes = new LinkedBlockingQueue<>();
                victim.channel.pipeline().addFirst(new ChannelInboundHandlerAdapter() {
                    @Override
                    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
                        ctx.fireExceptionCaught(cause);
                        writes.add(ctx.writeAndFlush(Unpooled.wrappedBuffer(new byte[10])));
                    }
                });
                peer.own().buffer().putLong(DATA_WANTED, -1);
                VarHandle.fullFence();
                victim.channel.writeAndFlush(Unpooled.wrappedBuffer(new byte[10]));
                victim.assertCloses();
                turn();
                assertTrue(victim.failed(CorruptRingException.class), "closed without an exception");
                ChannelFuture write = writes.element();
                assertTrue(write.await(20, TimeUnit.SECONDS), "neither written nor failed");
                assertFalse(write.isSuccess(), "written");
            }
        }

        @ParameterizedTest
        @ValueSource(booleans = {true, false})
        void aFaultThatIsFoundWhileTheOutputIsShutDownFailsThatAndIsTold(boolean input) throws Exception {
            try (RawPeer peer = connected(OWN_KIND, false)) {
                Victim victim = next(victims);
                peer.own().buffer().putLong(DATA_WANTED, -1);
                VarHandle.fullFence();
                DuplexChannel channel = (DuplexChannel) victim.channel;
                ChannelFuture end = input ? channel.shutdown() : channel.shutdownOutput();
                assertTrue(end.await(20, TimeUnit.SECONDS), "neither succeeds nor fails");
                assertInstanceOf(CorruptRingException.class, end.cause());
                victim.assertCloses();
                turn();
                assertTrue(victim.failed(CorruptRingException.class), "closed without an exception");
            }
        }
    }

    @Nested
    class TakingTimeAndSpace {

        @ParameterizedTest
        @ValueSource(booleans = {true, false})
        void aFloodOfRingsLeavesTheOthersServed(boolean eventFd) throws Exception {
            try (RawPeer peer = connected(OWN_KIND, eventFd && !RawPeer.WINDOWS)) {
                Victim victim = next(victims);
                flood(victim, () -> {
                    try {
                        peer.ringOrNot();
                    } catch (IOException e) {
                        throw new UncheckedIOException(e);
                    }
                });
            }
        }

        /** Whether it fills its socket and waits, or is closed for it, depends on who is faster. */
        private void flood(Victim victim, Runnable drop) throws Exception {
            Thread flood = new Thread(() -> {
                while (!Thread.currentThread().isInterrupted()) {
                    drop.run();
                }
            });
            flood.start();
            for (int i = 0; i < TestSize.of(500, 20_000); i++) {
                assertInnocentIsAnswered();
            }
            flood.interrupt();
            flood.join();
            victim.channel.close().sync();
            if (victim.failed(IOException.class)) {
                assertTrue(victim.reason().startsWith("the peer floods the control connection: "), victim.reason());
            }
        }

        /** As many bytes at once as the socket takes: single ones are not the worst. */
        @Test
        void aFloodOfManyControlBytesAtOnceLeavesTheOthersServed() throws Exception {
            try (RawPeer peer = connected(OWN_KIND, false)) {
                Victim victim = next(victims);
                flood(victim, () -> {
                    try {
                        peer.send(Unpooled.wrappedBuffer(new byte[64 << 10]));
                    } catch (IOException e) {
                        // The socket is full: more than the loop has time for.
                        assertTrue(e.getMessage().startsWith("sendmsg: "), e::getMessage);
                    }
                });
            }
        }

        /** It sleeps anew each time that it is woken, and leaves the rings where they are. */
        @Test
        @EnabledOnOs(value = OS.LINUX, disabledReason = "a pipe takes what it is given, and tells later")
        void aClientThatTakesNoRingIsClosedWhenItsSocketIsFull() throws Exception {
            try (RawPeer peer = connected(OWN_KIND, false)) {
                Victim victim = next(victims);
                ByteBuffer memory = peer.own().buffer();
                for (long sleeps = 0; victim.channel.isOpen() && sleeps < 100_000; sleeps++) {
                    memory.putLong(DATA_WANTED, 2 * sleeps + 1);
                    VarHandle.fullFence();
                    victim.channel
                            .writeAndFlush(Unpooled.wrappedBuffer(new byte[1]))
                            .await();
                    memory.putLong(HEAD, peer.others().buffer().getLong(0) >>> 1);
                    VarHandle.fullFence();
                }
                victim.assertCloses();
                assertTrue(victim.failed(IOException.class));
                assertEquals("the peer cannot be woken by the control connection", victim.reason());
            }
        }

        /** It has them too, and a write would wait for it. */
        @ParameterizedTest
        @ValueSource(booleans = {true, false})
        @EnabledOnOs(value = OS.LINUX, disabledReason = "there are none")
        void aClientThatFillsTheEventFdsAndMakesThemBlockDoesNotStopTheLoop(boolean moreThanFull) throws Exception {
            try (RawPeer peer = connected(Kind.MEMFD, true)) {
                Victim victim = next(victims);
                ByteBuffer memory = peer.own().buffer();
                long count;
                try {
                    peer.fillEventFds();
                    for (int i = 0; i < (moreThanFull ? 100 : 1); i++) {
                        memory.putLong(DATA_WANTED, 2 * i + 1);
                        VarHandle.fullFence();
                        assertTrue(
                                victim.channel
                                        .writeAndFlush(Unpooled.wrappedBuffer(new byte[1]))
                                        .await(20, TimeUnit.SECONDS),
                                "the loop waits for the client");
                        assertInnocentIsAnswered();
                    }
                    assertTrue(victim.channel.isOpen());
                } finally {
                    // Whoever waits goes on.
                    count = peer.emptyEventFds();
                }
                assertEquals(RawPeer.FULL + 1, count, "rung");
                victim.channel.close().sync();
            }
        }

        /** Its descriptor becomes another one's: a way to make the system refuse to send. */
        @ParameterizedTest
        @ValueSource(booleans = {true, false})
        @EnabledOnOs(value = OS.LINUX, disabledReason = "descriptors are replaced")
        void aDoorbellThatFailsOnceClosesTheChannel(boolean eventFd) throws Exception {
            Set<Integer> before = eventFd ? CLibrary.eventFds() : CLibrary.sockets();
            try (RawPeer peer = connected(OWN_KIND, eventFd)) {
                Victim victim = next(victims);
                // It says READY before it watches its doorbell.
                turn();
                Set<Integer> doorbells = eventFd ? CLibrary.eventFds() : CLibrary.sockets();
                doorbells.removeAll(before);
                doorbells.removeAll(peer.ownDescriptors());
                CLibrary.replaceByFile(doorbells);
                ByteBuffer memory = peer.own().buffer();
                memory.putLong(DATA_WANTED, 1);
                VarHandle.fullFence();
                victim.channel
                        .writeAndFlush(Unpooled.wrappedBuffer(new byte[1]))
                        .await(20, TimeUnit.SECONDS);
                victim.assertCloses();
                assertTrue(victim.failed(IOException.class));
                assertEquals(
                        "the peer cannot be woken by " + (eventFd ? "its eventfd" : "the control connection"),
                        victim.reason());
            }
        }

        @Test
        @DisabledOnOs(value = OS.WINDOWS, disabledReason = "pipes carry no descriptors")
        void descriptorsThatComeLaterAreNotOpened() throws Exception {
            try (RawPeer peer = connected(Kind.MEMFD, true)) {
                Victim victim = next(victims);
                int descriptor = CLibrary.eventfd(0, 0);
                KeptMemory.closeAll();
                int before = OpenHandles.count();
                for (int i = 0; i < 1_000; i++) {
                    int[] some = new int[1 + i % 10];
                    Arrays.fill(some, descriptor);
                    try {
                        peer.send(Unpooled.directBuffer(1).writeByte(1), some);
                    } catch (IOException e) {
                        // They lie in the socket, which is full.
                        assertTrue(e.getMessage().contains("errno 11)"), e::getMessage);
                    }
                    turn();
                }
                assertTrue(victim.channel.isActive());
                assertEquals(before, OpenHandles.count());
                CLibrary.close(descriptor);
                victim.channel.close().sync();
            }
        }

        @Test
        void aClientThatNeverReadsCostsNoMoreThanItsRingAndTheWaterMark() throws Exception {
            try (RawPeer peer = connected(OWN_KIND, false)) {
                Victim victim = next(victims);
                ByteBuffer memory = peer.own().buffer();
                // It sends whole rings, without taking the answers.
                for (long tail = CAPACITY; tail <= 1000L * CAPACITY && victim.channel.isWritable(); tail += CAPACITY) {
                    memory.putLong(TAIL, tail << TAIL_BITS);
                    VarHandle.fullFence();
                    peer.ring();
                    turn();
                    turn();
                }
                assertTrue(!victim.channel.isWritable(), "still writable");
                assertTrue(
                        allocator.metric().usedDirectMemory() < 1 << 20,
                        allocator.metric().usedDirectMemory() + " bytes in use");
                assertInnocentIsAnswered();
                victim.channel.close().sync();
            }
        }

        /** It says at once that it has read what was written, so that there is always room for more. */
        @Test
        void aClientThatTakesEverythingAtOnceLeavesTimeForTheOthers() throws Exception {
            server.close().sync();
            server = victims(victims).bind(newAddress()).sync().channel();
            try (RawPeer peer = RawPeer.connect((ShmAddress) server.localAddress())) {
                peer.handshake(OWN_KIND, false, 256 << 10);
                Victim victim = next(victims);
                Thread reader = new Thread(() -> {
                    ByteBuffer own = peer.own().buffer();
                    ByteBuffer others = peer.others().buffer();
                    while (!Thread.currentThread().isInterrupted()) {
                        own.putLong(HEAD, others.getLong(0) >>> 1);
                        VarHandle.fullFence();
                    }
                });
                reader.start();
                try {
                    victim.channel.pipeline().addLast(new EndlessWriter());
                    for (int i = 0; i < 20; i++) {
                        assertInnocentIsAnswered();
                    }
                } finally {
                    reader.interrupt();
                    reader.join();
                }
                assertTrue(victim.channel.isActive(), () -> victim.reason());
                victim.channel.close().sync();
            }
        }

        private static final class EndlessWriter extends ChannelInboundHandlerAdapter {
            private static final byte[] BYTES = new byte[4096];

            @Override
            public void handlerAdded(ChannelHandlerContext ctx) {
                fill(ctx);
            }

            @Override
            public void channelWritabilityChanged(ChannelHandlerContext ctx) {
                fill(ctx);
            }

            private static void fill(ChannelHandlerContext ctx) {
                while (ctx.channel().isActive() && ctx.channel().isWritable()) {
                    ctx.write(Unpooled.wrappedBuffer(BYTES));
                }
                ctx.flush();
            }
        }
    }

    @Nested
    class LyingInTheHandshake {

        /** Sends this instead of HELLO, and returns why it is refused. */
        private String refusalOfHello(ByteBuf bytes) throws Exception {
            try (RawPeer peer = RawPeer.connect(address)) {
                peer.send(bytes);
                return refusal(peer);
            }
        }

        private static ByteBuf hello(int version, int kinds, int doorbells, long sendCapacity, long receiveCapacity) {
            return new HandshakeMessage.Hello(
                            version, kinds, doorbells, sendCapacity, receiveCapacity, LeaseTerms.NONE, null)
                    .encode();
        }

        @Test
        void whatIsWrongWithAHelloIsSaid() throws Exception {
            int kind = HandshakeMessage.bit(OWN_KIND);
            assertEquals(
                    "the peer speaks version 1 of the shared-memory handshake, and only version 5 is known here",
                    refusalOfHello(hello(1, kind, 2, CAPACITY, CAPACITY)));
            for (long capacity : new long[] {0, 1, 4095, 5000, 2048, (1L << 31), 0xFFFF_FFFFL}) {
                assertEquals(
                        "the peer asks for " + capacity
                                + " bytes of capacity for its own ring; that has to be a power of two"
                                + " from 4096 to 1073741824",
                        refusalOfHello(hello(HandshakeMessage.VERSION, kind, 2, capacity, CAPACITY)));
            }
            assertEquals(
                    "the peer asks for 3 bytes of capacity for the server's ring; that has to be a power of two from"
                            + " 4096 to 1073741824",
                    refusalOfHello(hello(HandshakeMessage.VERSION, kind, 2, CAPACITY, 3)));
            assertEquals(
                    "the client asks for 1 and 4294967295 bytes of memory for leases and 0 leases; at most 1073741824"
                            + " and 1 to 65536 are possible",
                    refusalOfHello(new HandshakeMessage.Hello(
                                    HandshakeMessage.VERSION,
                                    kind,
                                    2,
                                    CAPACITY,
                                    CAPACITY,
                                    new LeaseTerms(1, -1, 0),
                                    null)
                            .encode()));
            String noKind = refusalOfHello(hello(HandshakeMessage.VERSION, 0x80, 2, CAPACITY, CAPACITY));
            assertTrue(noKind.startsWith("no kind of memory suits both: the client has 10000000, the server "), noKind);
            assertEquals(
                    "the peer does not speak the shared-memory handshake: its message has the type 0x47; is it a plain"
                            + " pipe or socket? Then use shared memory (ShmServerChannel, ShmChannel) at both ends, or"
                            + " a pipe (NamedPipe's channel types)",
                    refusalOfHello(RawPeer.text("GET / HTTP/1.1\r\nHost: localhost\r\n\r\n")));
            assertEquals(
                    "the peer's handshake message has 65535 bytes; at most 4096 are allowed",
                    refusalOfHello(Unpooled.wrappedBuffer(new byte[] {1, -1, -1})));
            assertEquals(
                    "the peer's handshake message of type 1 ends after 3 bytes",
                    refusalOfHello(Unpooled.wrappedBuffer(new byte[] {1, 0, 3, 'N', 'I', 'P'})));
            assertEquals(
                    "the peer does not speak the shared-memory handshake: it begins with 0x1020304",
                    refusalOfHello(Unpooled.wrappedBuffer(new byte[] {1, 0, 4, 1, 2, 3, 4})));
            assertEquals(
                    "2 bytes too many in the peer's Hello",
                    refusalOfHello(hello(HandshakeMessage.VERSION, kind, 2, CAPACITY, CAPACITY)
                            .writeShort(0)
                            .setShort(1, 17)));
            assertEquals(
                    "the peer sent Ready where that is not expected",
                    refusalOfHello(new HandshakeMessage.Ready().encode()));
            assertEquals(
                    "the peer sent SegmentName where that is not expected",
                    refusalOfHello(new HandshakeMessage.SegmentName("x").encode()));
        }

        @Test
        void aSecondHelloIsRefused() throws Exception {
            try (RawPeer peer = RawPeer.connect(address)) {
                peer.send(RawPeer.hello(OWN_KIND, false, CAPACITY));
                peer.send(RawPeer.hello(OWN_KIND, false, CAPACITY));
                assertEquals("the peer sent Hello where that is not expected", refusal(peer));
            }
        }

        @Test
        void aClientThatRefusesIsHeard() throws Exception {
            try (RawPeer peer = RawPeer.connect(address)) {
                peer.send(new HandshakeMessage.Refused("I don't like it here"));
                Victim victim = next(victims);
                victim.assertCloses();
                assertTrue(victim.failed(HandshakeException.class));
                assertEquals("the peer refused the connection: I don't like it here", victim.reason());
            }
        }

        @Test
        void whatAClientSaysIsNeitherEndlessNorMoreThanText() throws Exception {
            try (RawPeer peer = RawPeer.connect(address)) {
                peer.send(new HandshakeMessage.Refused(
                        "no\r\nERROR forged \u001b[31m\u202e \ud800 gr\u00fcn" + "!".repeat(900)));
                Victim victim = next(victims);
                victim.assertCloses();
                assertTrue(victim.failed(HandshakeException.class));
                assertEquals(
                        "the peer refused the connection: no\\u000d\\u000aERROR forged \\u001b[31m\\u202e ? gr\u00fcn"
                                + "!".repeat(900),
                        victim.reason());
            }
            try (RawPeer peer = RawPeer.connect(address)) {
                byte[] long4096 = new byte[3 + 4096];
                long4096[0] = 5;
                long4096[1] = 16;
                peer.send(Unpooled.wrappedBuffer(long4096));
                Victim victim = next(victims);
                victim.assertCloses();
                assertTrue(victim.failed(HandshakeException.class));
                assertTrue(victim.reason().length() < 1100, victim.reason());
            }
        }

        @Test
        void aClientThatStallsIsLetGoInTimeInEachPhase() throws Exception {
            server.close().sync();
            server = victims(victims)
                    .childOption(ShmChannelOption.SHM_HANDSHAKE_TIMEOUT_MILLIS, 100)
                    .bind(newAddress())
                    .sync()
                    .channel();
            address = (ShmAddress) server.localAddress();
            byte[] hello = RawPeer.bytes(RawPeer.hello(OWN_KIND, false, CAPACITY));
            byte[][] beginnings = {
                {}, {1}, Arrays.copyOf(hello, 10), hello, Arrays.copyOf(hello, hello.length + 2),
            };
            // The beginning of SEGMENT.
            beginnings[4][hello.length] = 3;
            for (byte[] beginning : beginnings) {
                try (RawPeer peer = RawPeer.connect(address)) {
                    peer.send(Unpooled.wrappedBuffer(beginning));
                    String expected = "the handshake took longer than 100 ms"
                            + (beginning.length > 0
                                    ? ""
                                    : ": the client has connected and said nothing; is it a pipe's? Then use shared"
                                            + " memory (ShmServerChannel, ShmChannel) at both ends, or a pipe"
                                            + " (NamedPipe's channel types)");
                    assertEquals(expected, refusal(peer));
                }
            }
        }

        /** Its server's memory is still being made then. */
        @Test
        void aClientThatLeavesOrGoesOnWhileLargeMemoryIsMadeHarmsNobody() throws Exception {
            int capacity = 2 << 20;
            server.close().sync();
            server = victims(victims)
                    .childOption(ShmChannelOption.SHM_SEND_CAPACITY, capacity)
                    .childOption(ShmChannelOption.SHM_RECEIVE_CAPACITY, capacity)
                    .bind(newAddress())
                    .sync()
                    .channel();
            address = (ShmAddress) server.localAddress();
            SystemResources before = SystemResources.count();
            for (int i = 0; i < 30; i++) {
                CountDownLatch goOn = new CountDownLatch(1);
                LargeMemory.execute(() -> {
                    try {
                        goOn.await();
                    } catch (InterruptedException e) {
                        throw new AssertionError(e);
                    }
                });
                try (RawPeer peer = RawPeer.connect(address)) {
                    peer.send(RawPeer.hello(OWN_KIND, false, capacity));
                    Victim victim = next(victims);
                    assertInnocentIsAnswered();
                    switch (i % 4) {
                        case 0 -> peer.hangUp();
                        case 1 -> {
                            peer.send(Unpooled.wrappedBuffer(new byte[9_000]));
                            victim.assertCloses();
                            assertTrue(victim.failed(HandshakeException.class));
                            assertEquals("the peer goes on sending without waiting for an answer", victim.reason());
                        }
                        case 2 -> victim.channel.close();
                        default -> {
                            goOn.countDown();
                            assertTrue(peer.receive() instanceof HandshakeMessage.Welcome);
                            peer.hangUp();
                        }
                    }
                    victim.assertCloses();
                } finally {
                    goOn.countDown();
                }
            }
            CountDownLatch done = new CountDownLatch(1);
            // What is made is sent to the loop, and may come back from there to be given back.
            LargeMemory.execute(() -> loop.execute(() -> LargeMemory.execute(done::countDown)));
            assertTrue(done.await(20, TimeUnit.SECONDS));
            SystemResources.count().assertNotMoreThan(before);
        }

        @Test
        void clientsThatSayNothingAreNoMoreThanTheHandshakesAtOnce() throws Exception {
            server.close().sync();
            server = victims(victims)
                    .option(ShmChannelOption.SHM_MAX_HANDSHAKES, 3)
                    .bind(newAddress())
                    .sync()
                    .channel();
            address = (ShmAddress) server.localAddress();
            List<RawPeer> silent = new ArrayList<>();
            try {
                for (int i = 0; i < 10; i++) {
                    silent.add(RawPeer.connect(address));
                }
                List<Victim> first = List.of(next(victims), next(victims), next(victims));
                turn();
                assertNull(victims.poll(50, TimeUnit.MILLISECONDS), "more than three");
                // Whatever the way in which one of them ends.
                silent.get(0).send(RawPeer.text("GET / HTTP/1.1"));
                first.get(0).assertCloses();
                next(victims);
                silent.get(1).close();
                first.get(1).assertCloses();
                next(victims);
                first.get(2).channel.close().sync();
                next(victims);
                silent.get(3).handshake(OWN_KIND, false, CAPACITY);
                next(victims);
                assertNull(victims.poll(50, TimeUnit.MILLISECONDS), "more than three");
            } finally {
                server.close().sync();
                for (RawPeer peer : silent) {
                    peer.close();
                }
                for (Victim victim; (victim = victims.poll(100, TimeUnit.MILLISECONDS)) != null; ) {
                    victim.channel.close().sync();
                }
            }
            server = victims(victims).bind(newAddress()).sync().channel();
        }

        @Test
        void handshakesThatAreAlmostRightHarmNobody() throws Exception {
            int refused = 0;
            int connected = 0;
            for (int mutation = 0; mutation < HANDSHAKE_MUTATIONS; mutation++) {
                int[] descriptors = {};
                try (RawPeer peer = RawPeer.connect(address)) {
                    boolean second = random.nextInt(3) == 0 && !RawPeer.WINDOWS;
                    if (random.nextInt(3) == 0 && !RawPeer.WINDOWS) {
                        descriptors = randomDescriptors();
                        peer.send(mutated(RawPeer.hello(Kind.MEMFD, random.nextBoolean(), CAPACITY)), descriptors);
                    } else if (second) {
                        peer.send(RawPeer.hello(Kind.MEMFD, true, CAPACITY));
                        assertTrue(peer.receive() instanceof HandshakeMessage.Welcome);
                        descriptors = randomDescriptors();
                        peer.send(mutated(new HandshakeMessage.SegmentName("")), descriptors);
                    } else {
                        peer.send(mutated(RawPeer.hello(OWN_KIND, random.nextBoolean(), CAPACITY)));
                    }
                    Victim victim = next(victims);
                    turn();
                    if (victim.channel.isOpen()) {
                        // Complete, and right after all; or the rest is awaited.
                        connected += victim.channel.isActive() ? 1 : 0;
                        peer.hangUp();
                        victim.assertCloses();
                    } else {
                        refused++;
                        assertTrue(victim.failed(IOException.class));
                        if (!victim.reason().startsWith("the peer refused the connection: ")) {
                            assertEquals(victim.reason(), peer.refusal());
                        }
                    }
                    victim.failed(IOException.class);
                } finally {
                    for (int descriptor : descriptors) {
                        CLibrary.close(descriptor);
                    }
                }
                if (mutation % 500 == 0) {
                    assertInnocentIsAnswered();
                }
            }
            System.out.println(
                    HANDSHAKE_MUTATIONS + " handshakes, " + refused + " refused, " + connected + " connected");
            assertTrue(refused > HANDSHAKE_MUTATIONS / 4, refused + " refused");
        }

        private int[] randomDescriptors() {
            int[] descriptors = new int[random.nextInt(4)];
            for (int i = 0; i < descriptors.length; i++) {
                descriptors[i] = switch (random.nextInt(5)) {
                    case 0 -> newEventFd();
                    case 1 -> CLibrary.open("/dev/zero", 2);
                    case 2 -> CLibrary.socket(1, 1, 0);
                    default ->
                        CLibrary.memfd(random.nextBoolean() ? SIZE : random.nextInt(4 * SIZE), random.nextInt(32));
                };
            }
            return descriptors;
        }
    }

    @Nested
    class PassingMemoryAndDescriptors {

        /**
         * Does the first half of the handshake rightly, sends these instead of the memory and the doorbell, and closes
         * them.
         */
        private String refusalOfMemory(Kind kind, String name, int... descriptors) throws Exception {
            return refusalOfMemory(false, kind, name, descriptors);
        }

        /**
         * As above.
         *
         * @param offered whether to send them with HELLO, instead of after the answer
         */
        private String refusalOfMemory(boolean offered, Kind kind, String name, int... descriptors) throws Exception {
            try (RawPeer peer = RawPeer.connect(address)) {
                if (offered) {
                    peer.send(RawPeer.hello(kind, true, CAPACITY), descriptors);
                } else {
                    peer.send(RawPeer.hello(kind, true, CAPACITY));
                    assertTrue(peer.receive() instanceof HandshakeMessage.Welcome);
                    peer.send(new HandshakeMessage.SegmentName(name), descriptors);
                }
                return refusal(peer);
            } finally {
                for (int descriptor : descriptors) {
                    CLibrary.close(descriptor);
                }
            }
        }

        @ParameterizedTest
        @ValueSource(booleans = {true, false})
        @DisabledOnOs(value = OS.WINDOWS, disabledReason = "pipes carry no descriptors")
        void whatIsWrongWithTheMemoryIsSaid(boolean offered) throws Exception {
            int all = CLibrary.SEAL | CLibrary.SHRINK | CLibrary.GROW | CLibrary.FUTURE_WRITE;
            assertEquals(
                    "the peer's memory lacks the seals F_SEAL_SHRINK F_SEAL_GROW F_SEAL_FUTURE_WRITE F_SEAL_SEAL",
                    refusalOfMemory(offered, Kind.MEMFD, "", CLibrary.memfd(SIZE, 0), newEventFd()));
            assertEquals(
                    "the peer's memory lacks the seals F_SEAL_SHRINK",
                    refusalOfMemory(
                            offered, Kind.MEMFD, "", CLibrary.memfd(SIZE, all & ~CLibrary.SHRINK), newEventFd()));
            assertEquals(
                    "the peer's memory lacks the seals F_SEAL_FUTURE_WRITE",
                    refusalOfMemory(
                            offered, Kind.MEMFD, "", CLibrary.memfd(SIZE, all & ~CLibrary.FUTURE_WRITE), newEventFd()));
            for (long size : new long[] {0, SIZE - 1, SIZE + 1, 2L * SIZE, 1L << 40}) {
                assertEquals(
                        "the peer's memory has " + size + " bytes, not " + SIZE + " as it said",
                        refusalOfMemory(offered, Kind.MEMFD, "", CLibrary.memfd(size, all), newEventFd()));
            }
            String noMemory = "the peer's descriptor is not one of shared memory with seals";
            assertEquals(noMemory, refusalOfMemory(offered, Kind.MEMFD, "", newEventFd(), newEventFd()));
            assertEquals(
                    noMemory, refusalOfMemory(offered, Kind.MEMFD, "", CLibrary.open("/dev/null", 2), newEventFd()));
            assertEquals(noMemory, refusalOfMemory(offered, Kind.MEMFD, "", CLibrary.socket(1, 1, 0), newEventFd()));
            String doorbell =
                    refusalOfMemory(offered, Kind.MEMFD, "", CLibrary.memfd(SIZE, all), CLibrary.open("/dev/null", 2));
            assertEquals("the peer's doorbell is not an eventfd but /dev/null", doorbell);
            doorbell = refusalOfMemory(offered, Kind.MEMFD, "", CLibrary.memfd(SIZE, all), CLibrary.memfd(SIZE, all));
            assertTrue(doorbell.startsWith("the peer's doorbell is not an eventfd but /memfd:hostile"), doorbell);
            assertEquals("the peer sent 0 descriptors with its message, not 2", refusalOfMemory(false, Kind.MEMFD, ""));
            assertEquals(
                    "the peer sent 1 descriptors with its message, not 2",
                    refusalOfMemory(offered, Kind.MEMFD, "", CLibrary.memfd(SIZE, all)));
            assertEquals(
                    "the peer sent more than 2 descriptors, which no message has",
                    refusalOfMemory(offered, Kind.MEMFD, "", CLibrary.memfd(SIZE, all), newEventFd(), newEventFd()));
        }

        /** Nor does it reach the loop, which would rest for a second. */
        @Test
        @DisabledOnOs(value = OS.WINDOWS, disabledReason = "memory is always a section there")
        void aFileThatCannotBeRemovedKeepsNothingElseOpen() throws Exception {
            int descriptor = CLibrary.memfd(SIZE, 0);
            for (int i = 0; i < 5; i++) {
                try (RawPeer peer = RawPeer.connect(address)) {
                    peer.send(RawPeer.hello(Kind.FILE, false, CAPACITY));
                    Path file = Path.of(((HandshakeMessage.Welcome) peer.receive()).name);
                    Files.delete(file);
                    Path inside = Files.createDirectories(file.resolve("inside"));
                    peer.send(new HandshakeMessage.SegmentName(""), descriptor);
                    assertEquals("the peer sent 1 descriptors with its message, not 0", peer.refusal());
                    Victim victim = next(victims);
                    victim.assertCloses();
                    assertTrue(victim.failed(HandshakeException.class));
                    assertInnocentIsAnswered();
                    Files.delete(inside);
                    Files.delete(file);
                }
            }
            CLibrary.close(descriptor);
        }

        /** Its descriptor becomes another one's in the middle of the handshake: a way to make the system refuse it. */
        @Test
        @DisabledOnOs(value = OS.WINDOWS, disabledReason = "pipes carry no descriptors")
        void aDoorbellThatCannotBeWatchedIsRungByBytes() throws Exception {
            int memory = CLibrary.memfd(SIZE, CLibrary.SEAL | CLibrary.SHRINK | CLibrary.GROW | CLibrary.FUTURE_WRITE);
            int eventFd = newEventFd();
            Set<Integer> before = CLibrary.eventFds();
            try (RawPeer peer = RawPeer.connect(address)) {
                peer.send(RawPeer.hello(Kind.MEMFD, true, CAPACITY));
                assertTrue(peer.receive() instanceof HandshakeMessage.Welcome);
                Set<Integer> servers = CLibrary.eventFds();
                servers.removeAll(before);
                servers.removeAll(peer.descriptors());
                assertEquals(1, servers.size());
                CLibrary.replaceByFile(servers);
                peer.send(new HandshakeMessage.SegmentName(""), memory, eventFd);
                assertTrue(peer.receive() instanceof HandshakeMessage.Ready);
                Victim victim = next(victims);
                for (int i = 0; i < 10; i++) {
                    peer.ring();
                    turn();
                }
                assertTrue(victim.channel.isActive());
                peer.hangUp();
                victim.assertCloses();
                assertFalse(victim.failed(IOException.class));
            } finally {
                CLibrary.close(memory);
                CLibrary.close(eventFd);
            }
        }

        @Test
        @DisabledOnOs(value = OS.WINDOWS, disabledReason = "pipes carry no descriptors")
        void whoIsRungByBytesOftenListensToItsEventFd() throws Exception {
            try (RawPeer peer = connected(Kind.MEMFD, true)) {
                Victim victim = next(victims);
                assertEquals(0, peer.others().buffer().getLong(RawPeer.HEARS_EVENT_FD));
                // Bytes that arrive together are one ring.
                while (peer.others().buffer().getLong(RawPeer.HEARS_EVENT_FD) == 0) {
                    peer.ring();
                    turn();
                }
                peer.own()
                        .buffer()
                        .put(RingLayout.segmentSize(CAPACITY) - CAPACITY, (byte) 7)
                        .putLong(TAIL, 1 << TAIL_BITS);
                VarHandle.fullFence();
                peer.ring();
                while (peer.others().buffer().getLong(TAIL) == 0) {
                    turn();
                }
                victim.channel.close().sync();
            }
        }

        /** It is of another kind than the one that both sides take, another size, or a doorbell that nobody rings. */
        @Test
        @DisabledOnOs(value = OS.WINDOWS, disabledReason = "pipes carry no descriptors")
        void memoryThatIsOfferedAndNotTakenIsAskedForAgain() throws Exception {
            for (int round = 0; round < 20; round++) {
                try (RawPeer peer = RawPeer.connect(address)) {
                    peer.handshakeAtOnce(false, CAPACITY);
                    peer.own()
                            .buffer()
                            .put(RingLayout.segmentSize(CAPACITY) - CAPACITY, (byte) 7)
                            .putLong(TAIL, 1 << TAIL_BITS);
                    VarHandle.fullFence();
                    peer.ring();
                    Victim victim = next(victims);
                    for (int i = 0; i < 10_000 && peer.others().buffer().getLong(TAIL) == 0; i++) {
                        turn();
                    }
                    assertTrue(victim.channel.isActive());
                    assertEquals(1 << TAIL_BITS, peer.others().buffer().getLong(TAIL), "echoed");
                }
                try (RawPeer peer = RawPeer.connect(address)) {
                    peer.offer(2 * CAPACITY, CAPACITY);
                    next(victims);
                }
            }
        }

        @Test
        @DisabledOnOs(value = OS.WINDOWS, disabledReason = "pipes carry no descriptors")
        void descriptorsThatNobodyWantsAreRefusedAndClosed() throws Exception {
            int descriptor = newEventFd();
            for (int count : new int[] {1, 2, 3, 4, 30, 253}) {
                int[] many = new int[count];
                Arrays.fill(many, descriptor);
                try (RawPeer peer = RawPeer.connect(address)) {
                    peer.send(RawPeer.hello(Kind.FILE, true, CAPACITY), many);
                    assertEquals(
                            count <= 2
                                    ? "the peer sent " + count + " descriptors with its message, not 0"
                                    : "the peer sent more than 2 descriptors, which no message has",
                            refusal(peer));
                }
            }
            CLibrary.close(descriptor);
        }

        /** One message may come byte for byte, each with descriptors of its own. */
        @Test
        @DisabledOnOs(value = OS.WINDOWS, disabledReason = "pipes carry no descriptors")
        void descriptorsThatDripInAreNotCollected() throws Exception {
            int descriptor = newEventFd();
            for (int each = 1; each <= 3; each++) {
                int before = OpenHandles.count();
                try (RawPeer peer = RawPeer.connect(address)) {
                    peer.send(Unpooled.wrappedBuffer(new byte[] {3, 16, 0}));
                    Victim victim = next(victims);
                    for (int i = 0; i < 100 && victim.channel.isOpen(); i++) {
                        int[] some = new int[each];
                        Arrays.fill(some, descriptor);
                        peer.send(Unpooled.wrappedBuffer(new byte[1]), some);
                        turn();
                        int handles = OpenHandles.count();
                        assertTrue(handles <= before + 20, () -> handles + " handles are open, " + before + " were");
                    }
                    assertEquals("the peer sent more than 2 descriptors, which no message has", peer.refusal());
                    victim.assertCloses();
                    assertTrue(victim.failed(HandshakeException.class));
                }
            }
            CLibrary.close(descriptor);
        }

        @Test
        @DisabledOnOs(value = OS.WINDOWS, disabledReason = "memory is always a section there")
        void filesThatAreNotOursAreNeitherOpenedNorRemoved() throws Exception {
            String prefix = "not the name of a ring's memory: ";
            assertEquals(prefix + "/etc/passwd", refusalOfMemory(Kind.FILE, "/etc/passwd"));
            assertEquals(prefix, refusalOfMemory(Kind.FILE, ""));
            assertEquals(prefix + "/", refusalOfMemory(Kind.FILE, "/"));
            String noName = "the name of the peer's memory has characters that no name has: ";
            assertEquals(noName + "nettyipc-\\u0000.ring", refusalOfMemory(Kind.FILE, "nettyipc-\0.ring"));
            assertEquals(noName + "nettyipc-\\u000a.ring", refusalOfMemory(Kind.FILE, "nettyipc-\n.ring"));
            assertEquals(noName + "nettyipc-\\u202e.ring", refusalOfMemory(Kind.FILE, "nettyipc-\u202e.ring"));
            String none = refusalOfMemory(Kind.FILE, "/tmp/nettyipc-none.ring");
            assertTrue(none.startsWith("there is no /tmp/nettyipc-none.ring here, where the peer's memory"), none);
        }
    }
}
