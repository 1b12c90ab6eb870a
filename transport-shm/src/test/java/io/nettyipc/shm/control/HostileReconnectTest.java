/* Copyright 2026 The Netty IPC Authors. Licensed under the Apache License, Version 2.0; see LICENSE. */
package io.nettyipc.shm.control;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.netty.bootstrap.Bootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelOption;
import io.netty.channel.unix.Socket;
import io.nettyipc.base.os.UnixUsers;
import io.nettyipc.pipe.NamedPipePeer;
import io.nettyipc.shm.ShmAddress;
import io.nettyipc.shm.ShmChannel;
import io.nettyipc.shm.ShmChannelOption;
import io.nettyipc.shm.ring.CorruptRingException;
import io.nettyipc.shm.ring.RingLayout;
import io.nettyipc.shm.segment.Segment.Kind;
import java.io.IOException;
import java.lang.invoke.VarHandle;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Peers that lie about the memory of connections that have ended. */
@EnabledOnOs(value = OS.LINUX, disabledReason = "memory is kept where it is sealed and populated bit by bit")
class HostileReconnectTest extends AbstractHostileTest {

    private static final int VERSION = HandshakeMessage.VERSION;
    private static final int MEMFD = HandshakeMessage.bit(Kind.MEMFD);

    private final BlockingQueue<Victim> victims = new LinkedBlockingQueue<>();

    @Nested
    class Clients {

        private static final int TIMEOUT_MILLIS = 200;

        private Channel server;
        private ShmAddress address;

        private void serve() throws Exception {
            server = victims(victims)
                    .childOption(ShmChannelOption.SHM_SEND_CAPACITY, CAPACITY)
                    .childOption(ShmChannelOption.SHM_RECEIVE_CAPACITY, CAPACITY)
                    .childOption(ShmChannelOption.SHM_HANDSHAKE_TIMEOUT_MILLIS, TIMEOUT_MILLIS)
                    .bind(newAddress())
                    .sync()
                    .channel();
            address = (ShmAddress) server.localAddress();
        }

        @AfterEach
        void closeServer() throws InterruptedException {
            server.close().sync();
        }

        private RawPeer connected() throws Exception {
            RawPeer peer = RawPeer.connect(address);
            peer.handshakeAtOnce(true, CAPACITY);
            assertNotNull(peer.keptAs());
            return peer;
        }

        /** A peer whose server has kept its memory. */
        private RawPeer parted() throws Exception {
            RawPeer peer = connected();
            peer.sayGoodbye();
            next(victims).assertCloses();
            return peer;
        }

        private HandshakeMessage.Welcome ask(RawPeer peer, MemoryName name) throws IOException {
            return ask(peer, name, true, CAPACITY);
        }

        private HandshakeMessage.Welcome ask(RawPeer peer, MemoryName name, boolean eventFd, int capacity)
                throws IOException {
            peer.send(RawPeer.hello(Kind.MEMFD, eventFd, capacity, name));
            return assertInstanceOf(HandshakeMessage.Welcome.class, peer.receive());
        }

        private void assertNotAgain(MemoryName name) throws Exception {
            try (RawPeer peer = RawPeer.connect(address)) {
                HandshakeMessage.Welcome welcome = ask(peer, name);
                assertFalse(welcome.again);
                assertEquals(2, peer.descriptors().size(), "new memory and a new doorbell");
                assertNotNull(welcome.keptAs);
                assertNotEquals(name, welcome.keptAs);
            }
            next(victims).assertCloses();
        }

        @Test
        void memoryOfAConnectionThatHasEndedIsUsedAgain() throws Exception {
            serve();
            RawPeer peer = parted();
            for (byte i = 1; i < 10; i++) {
                try (RawPeer earlier = peer) {
                    peer = RawPeer.connect(address);
                    assertTrue(ask(peer, earlier.keptAs()).again);
                    assertEquals(0, peer.descriptors().size());
                    peer.takeOver(earlier);
                }
                for (int word = 0; word < 536; word += Long.BYTES) {
                    assertEquals(0, peer.others().buffer().getLong(word), "word " + word);
                }
                RingLayout.clear(peer.own().buffer());
                peer.own().buffer().put(4096, i).putLong(TAIL, 4);
                peer.send(new HandshakeMessage.Ready());
                while (peer.others().buffer().getLong(TAIL) == 0) {
                    turn();
                }
                assertEquals(4, peer.others().buffer().getLong(TAIL));
                assertEquals(i, peer.others().buffer().get(4096));
                peer.sayGoodbye();
                next(victims).assertCloses();
            }
            peer.close();
        }

        @Test
        void namesOfNothingGetNewMemory() throws Exception {
            serve();
            try (RawPeer peer = parted()) {
                MemoryName name = peer.keptAs();
                assertNotAgain(new MemoryName(name.server(), name.number() + 1_000_000));
                assertNotAgain(new MemoryName(name.server() + 1, name.number()));
                assertNotAgain(new MemoryName(0, 0));
                try (RawPeer first = RawPeer.connect(address)) {
                    assertTrue(ask(first, name).again);
                    assertNotAgain(name);
                }
                next(victims).assertCloses();
                // It was not that of a connection, and is given back.
                assertNotAgain(name);
            }
        }

        @Test
        void memoryThatIsInUseIsNotGivenToASecondConnection() throws Exception {
            serve();
            try (RawPeer peer = connected()) {
                Victim victim = next(victims);
                assertNotAgain(peer.keptAs());
                assertTrue(victim.channel.isActive());
                peer.sayGoodbye();
                victim.assertCloses();
            }
        }

        @Test
        void memoryIsNotKeptAfterAPeerThatVanishedOrLied() throws Exception {
            serve();
            try (RawPeer vanished = connected()) {
                vanished.hangUp();
                next(victims).assertCloses();
                assertNotAgain(vanished.keptAs());
            }
            try (RawPeer liar = connected()) {
                liar.own().buffer().putLong(TAIL, -1);
                liar.ring();
                Victim victim = next(victims);
                victim.assertCloses();
                assertTrue(victim.failed(CorruptRingException.class));
                assertNotAgain(liar.keptAs());
            }
        }

        /** Nobody is told of it, as the channel closes anyway. */
        @Test
        void memoryIsNotKeptAfterALieThatIsFoundByAClose() throws Exception {
            serve();
            try (RawPeer liar = connected()) {
                liar.own().buffer().putLong(DATA_WANTED, -1);
                VarHandle.fullFence();
                next(victims).channel.close().sync();
                assertNotAgain(liar.keptAs());
            }
        }

        @Test
        void memoryIsNotKeptAfterALieThatIsFoundByAWriteThatIsNotFlushed() throws Exception {
            serve();
            try (RawPeer liar = connected()) {
                Channel channel = next(victims).channel;
                liar.own().buffer().putLong(HEAD, -1);
                VarHandle.fullFence();
                channel.eventLoop()
                        .submit(() -> {
                            // The writer looks where the reader is when it has filled the ring.
                            for (int written = 0; written <= CAPACITY; written += 64) {
                                channel.write(channel.alloc().directBuffer().writeZero(64));
                            }
                            channel.close();
                        })
                        .sync();
                assertNotAgain(liar.keptAs());
            }
        }

        @Test
        void memoryIsNotForOtherTerms() throws Exception {
            serve();
            try (RawPeer kept = parted();
                    RawPeer otherDoorbell = RawPeer.connect(address)) {
                assertFalse(ask(otherDoorbell, kept.keptAs(), false, CAPACITY).again);
            }
            next(victims).assertCloses();
        }

        @Test
        void aClientThatDoesNotSayThatItIsReadyIsLeftInTime() throws Exception {
            serve();
            try (RawPeer kept = parted();
                    RawPeer peer = RawPeer.connect(address)) {
                assertTrue(ask(peer, kept.keptAs()).again);
                assertEquals("the handshake took longer than " + TIMEOUT_MILLIS + " ms", peer.refusal());
                assertFalse(next(victims).wasActive);
                assertNotAgain(kept.keptAs());
            }
        }

        @Test
        void whatIsNotExpectedInsteadOfReadyIsSaid() throws Exception {
            serve();
            for (HandshakeMessage wrong : new HandshakeMessage[] {
                new HandshakeMessage.SegmentName(""), RawPeer.hello(Kind.MEMFD, true, CAPACITY)
            }) {
                try (RawPeer kept = parted();
                        RawPeer peer = RawPeer.connect(address)) {
                    assertTrue(ask(peer, kept.keptAs()).again);
                    peer.send(wrong);
                    assertEquals(
                            "the peer sent " + wrong.getClass().getSimpleName() + " where that is not expected",
                            peer.refusal());
                    next(victims).assertCloses();
                }
            }
        }

        @ParameterizedTest
        @ValueSource(booleans = {true, false})
        void randomValuesInMemoryThatIsUsedAgainCloseThatChannelAndNoOther(boolean cleared) throws Exception {
            serve();
            int refused = lieInTheRing(200, () -> {
                RawPeer kept = parted();
                RawPeer peer = RawPeer.connect(address);
                assertTrue(ask(peer, kept.keptAs()).again);
                peer.takeOver(kept);
                kept.close();
                if (cleared) {
                    RingLayout.clear(peer.own().buffer());
                }
                peer.send(new HandshakeMessage.Ready());
                return new Attack(peer, next(victims));
            });
            // What is not cleared says that the peer has closed. A victim that looks before the first lie closes in
            // order.
            assertTrue(refused > 0 || !cleared, "nothing refused");
        }
    }

    @Nested
    class Servers {

        private final ShmAddress address = newAddress();
        private Socket listener;

        @AfterEach
        void closeListener() throws IOException {
            listener.close();
            Files.deleteIfExists(Path.of(address.control().path()));
        }

        private ChannelFuture connect() {
            return new Bootstrap()
                    .group(loop)
                    .channel(ShmChannel.class)
                    .option(ChannelOption.ALLOCATOR, allocator)
                    .option(ShmChannelOption.SHM_SEND_CAPACITY, CAPACITY)
                    .option(ShmChannelOption.SHM_RECEIVE_CAPACITY, CAPACITY)
                    .handler(victimInitializer(victims))
                    .connect(address);
        }

        /** Has a client keep memory under a name. */
        private void part(MemoryName name) throws Exception {
            ChannelFuture connect = connect();
            try (RawPeer peer = RawPeer.accept(listener)) {
                peer.serve(true, CAPACITY, name);
                assertTrue(connect.awaitUninterruptibly(20, TimeUnit.SECONDS) && connect.isSuccess(), "not connected");
                peer.sayGoodbye();
                next(victims).assertCloses();
            }
        }

        private static HandshakeMessage welcome(int doorbell, long capacity, boolean again) {
            return new HandshakeMessage.Welcome(
                    VERSION, MEMFD, doorbell, capacity, capacity, AgreedLeases.NONE, again, null, "");
        }

        private String refusal(MemoryName name, HandshakeMessage answer, int... descriptors) throws Exception {
            ChannelFuture connect = connect();
            try (RawPeer peer = RawPeer.accept(listener)) {
                HandshakeMessage.Hello hello = assertInstanceOf(HandshakeMessage.Hello.class, peer.receive());
                assertEquals(name, hello.again);
                peer.send(answer, descriptors);
                assertTrue(connect.awaitUninterruptibly(20, TimeUnit.SECONDS), "the connect never ends");
                assertEquals(connect.cause().getMessage(), peer.refusal());
            }
            next(victims).assertCloses();
            return connect.cause().getMessage();
        }

        @Test
        void serversThatLieAboutKeptMemoryAreRefused() throws Exception {
            listener = RawPeer.listen(address);
            assertEquals(
                    "the server chose memory of an earlier connection, which it was not asked for",
                    refusal(null, welcome(HandshakeMessage.EVENT_FD, CAPACITY, true)));
            MemoryName name = MemoryName.next();
            String other =
                    "the server chose memory of an earlier connection, and another size, kind or doorbell for it";
            part(name);
            assertEquals(other, refusal(name, welcome(HandshakeMessage.CONTROL_BYTE, CAPACITY, true)));
            part(name);
            int descriptor = newEventFd();
            assertEquals(
                    "the peer sent 1 descriptors with its message, not 0",
                    refusal(name, welcome(HandshakeMessage.EVENT_FD, CAPACITY, true), descriptor));
            RawPeer.CLibrary.close(descriptor);
        }

        @Test
        void aClientMakesNewMemoryWhereTheServerHasKeptNone() throws Exception {
            listener = RawPeer.listen(address);
            MemoryName name = MemoryName.next();
            part(name);
            ChannelFuture connect = connect();
            try (RawPeer peer = RawPeer.accept(listener)) {
                HandshakeMessage.Hello hello = assertInstanceOf(HandshakeMessage.Hello.class, peer.receive());
                assertEquals(name, hello.again);
                assertEquals(0, peer.descriptors().size());
                int memory = RawPeer.CLibrary.memfd(SIZE, 1 | 2 | 4 | 16);
                int eventFd = newEventFd();
                peer.send(welcome(HandshakeMessage.EVENT_FD, CAPACITY, false), memory, eventFd);
                RawPeer.CLibrary.close(memory);
                RawPeer.CLibrary.close(eventFd);
                assertInstanceOf(HandshakeMessage.SegmentName.class, peer.receive());
                assertEquals(2, peer.descriptors().size());
                peer.send(new HandshakeMessage.Ready());
                assertTrue(connect.awaitUninterruptibly(20, TimeUnit.SECONDS) && connect.isSuccess(), "not connected");
            }
            next(victims).assertCloses();
            // It has no name, and the other one is gone.
            assertNull(KeptMemory.OF_CLIENTS.take(self(), CAPACITY, CAPACITY, true));
        }
    }

    /** This process, as its sockets have it. */
    private static NamedPipePeer self() {
        return new NamedPipePeer(ProcessHandle.current().pid(), -1, null, UnixUsers.ownId());
    }
}
