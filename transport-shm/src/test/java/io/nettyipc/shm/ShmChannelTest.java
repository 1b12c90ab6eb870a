/* Copyright 2026 The Netty IPC Authors. Licensed under the Apache License, Version 2.0; see LICENSE. */
package io.nettyipc.shm;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.netty.bootstrap.Bootstrap;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.ChannelPromise;
import io.netty.channel.ConnectTimeoutException;
import io.netty.channel.DefaultEventLoop;
import io.netty.channel.DefaultFileRegion;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.IoHandlerFactory;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.epoll.EpollServerSocketChannel;
import io.netty.channel.epoll.EpollSocketChannel;
import io.netty.channel.local.LocalIoHandler;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.netty.channel.uring.IoUringIoHandler;
import io.netty.util.ReferenceCountUtil;
import io.netty.util.concurrent.Future;
import io.nettyipc.base.testing.OpenHandles;
import io.nettyipc.pipe.NamedPipe;
import io.nettyipc.pipe.NamedPipeAddress;
import io.nettyipc.pipe.unix.UnixTransport;
import io.nettyipc.shm.control.HandshakeException;
import io.nettyipc.shm.segment.LargeMemory;
import io.nettyipc.shm.segment.SystemResources;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.lang.management.ManagementFactory;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ProtocolException;
import java.net.SocketAddress;
import java.nio.channels.NotYetConnectedException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(60)
class ShmChannelTest {

    private static final AtomicInteger NEXT_NAME = new AtomicInteger();

    @TempDir
    Path directory;

    private final List<EventLoopGroup> groups = new ArrayList<>();
    private final EventLoopGroup servers = newGroup(ShmSpinStrategy.ADAPTIVE);
    private final EventLoopGroup clients = newGroup(ShmSpinStrategy.ADAPTIVE);
    private final ShmAddress address =
            ShmAddress.of("channel-" + ProcessHandle.current().pid() + '-' + NEXT_NAME.incrementAndGet());
    private final BlockingQueue<Channel> children = new LinkedBlockingQueue<>();

    private EventLoopGroup newGroup(ShmSpinStrategy strategy) {
        return newGroup(Shm.newIoHandlerFactory(strategy));
    }

    private EventLoopGroup newGroup(IoHandlerFactory factory) {
        EventLoopGroup group = new MultiThreadIoEventLoopGroup(1, factory);
        groups.add(group);
        return group;
    }

    @AfterEach
    void shutDown() {
        groups.forEach(group -> group.shutdownGracefully(0, 10, TimeUnit.SECONDS));
        groups.forEach(group -> assertTrue(group.terminationFuture().awaitUninterruptibly(20, TimeUnit.SECONDS)));
    }

    private ServerBootstrap server(EventLoopGroup group, ChannelHandler handler) {
        return server(group, group, handler);
    }

    private ServerBootstrap server(EventLoopGroup accepting, EventLoopGroup serving, ChannelHandler handler) {
        return new ServerBootstrap()
                .group(accepting, serving)
                .channel(ShmServerChannel.class)
                .childHandler(new ChannelInitializer<>() {
                    @Override
                    protected void initChannel(Channel channel) {
                        channel.pipeline().addLast(handler);
                        children.add(channel);
                    }
                });
    }

    private static Bootstrap client(EventLoopGroup group, ChannelHandler handler) {
        return new Bootstrap().group(group).channel(ShmChannel.class).handler(handler);
    }

    private Channel connect(ChannelHandler handler) throws InterruptedException {
        return client(clients, handler).connect(address).sync().channel();
    }

    private Channel nextChild() throws InterruptedException {
        Channel child = children.poll(20, TimeUnit.SECONDS);
        assertNotNull(child, "not accepted");
        return child;
    }

    /** The cause of a failure that must come. */
    private static String failure(Future<?> future, Class<? extends Throwable> expected) {
        assertTrue(future.awaitUninterruptibly(20, TimeUnit.SECONDS), "neither succeeds nor fails");
        assertFalse(future.isSuccess(), "succeeded");
        assertInstanceOf(expected, future.cause());
        return String.valueOf(future.cause().getMessage());
    }

    private enum Kinds {
        SAME,
        NIO_CLIENT,
        NIO_SERVER,
        CONTROL_BYTE,
        CONTROL_BYTE_CLIENT,
        CONTROL_BYTE_SERVER,
        URING,
        URING_CLIENT,
        URING_SERVER;

        ShmDoorbell serversDoorbell() {
            return this == CONTROL_BYTE || this == CONTROL_BYTE_SERVER
                    ? ShmDoorbell.CONTROL_BYTE
                    : ShmDoorbell.EVENT_FD;
        }

        ShmDoorbell clientsDoorbell() {
            return this == CONTROL_BYTE || this == CONTROL_BYTE_CLIENT
                    ? ShmDoorbell.CONTROL_BYTE
                    : ShmDoorbell.EVENT_FD;
        }
    }

    private EventLoopGroup serverGroup(Kinds kinds) {
        return switch (kinds) {
            case NIO_SERVER -> nioGroup();
            case URING, URING_SERVER -> uringGroup();
            default -> servers;
        };
    }

    private EventLoopGroup clientGroup(Kinds kinds) {
        return switch (kinds) {
            case NIO_CLIENT -> nioGroup();
            case URING, URING_CLIENT -> uringGroup();
            default -> clients;
        };
    }

    private EventLoopGroup uringGroup() {
        assumeTrue(UnixTransport.uring() != null, "no io_uring");
        return newGroup(Shm.newIoHandlerFactory(IoUringIoHandler.newFactory(), ShmSpinStrategy.ADAPTIVE));
    }

    private EventLoopGroup nioGroup() {
        return newGroup(Shm.newIoHandlerFactory(NioIoHandler.newFactory(), ShmSpinStrategy.ADAPTIVE));
    }

    /** Keeps what comes. */
    @ChannelHandler.Sharable
    private static final class Collector extends ChannelInboundHandlerAdapter {
        final CountDownLatch inputEnded = new CountDownLatch(1);
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
            if (event == ChannelInputShutdownEvent.INSTANCE) {
                inputEnded.countDown();
            }
        }

        @Override
        public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
            ctx.close();
        }

        synchronized int size() {
            return bytes.size();
        }

        synchronized byte[] bytes() {
            return bytes.toByteArray();
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

    /** Keeps what failed. */
    @ChannelHandler.Sharable
    private static final class FailureCollector extends ChannelInboundHandlerAdapter {
        private final BlockingQueue<Throwable> failures;

        FailureCollector(BlockingQueue<Throwable> failures) {
            this.failures = failures;
        }

        @Override
        public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
            failures.add(cause);
        }
    }

    @Nested
    class Connecting {

        @Test
        void aNameThatNobodyHasBoundIsRefusedAndNamed() {
            ChannelFuture connect = client(clients, new Collector()).connect(address);
            String message = failure(connect, IOException.class);
            assertTrue(message.contains(address.control().path()), message);
            assertTrue(connect.channel().closeFuture().awaitUninterruptibly(20, TimeUnit.SECONDS), "not closed");
        }

        @Test
        void anotherKindOfAddressIsRefused() {
            SocketAddress tcp = new InetSocketAddress(InetAddress.getLoopbackAddress(), 1);
            String expected = "(expected: a ShmAddress, such as ShmAddress.of(\"orders\"))";
            String connect = failure(client(clients, new Collector()).connect(tcp), IllegalArgumentException.class);
            assertTrue(connect.endsWith(expected), connect);
            String bind = failure(server(servers, new Echo()).bind(tcp), IllegalArgumentException.class);
            assertTrue(bind.endsWith(expected), bind);
        }

        @Test
        void aLoopOfAnotherKindIsRefusedSayingWhichOneIsNeeded() {
            EventLoopGroup nio = newGroup(NioIoHandler.newFactory());
            String needed =
                    " needs an event loop of new MultiThreadIoEventLoopGroup(Shm.newIoHandlerFactory()), and was"
                            + " registered with a SingleThreadIoEventLoop that serves NIO only";
            ChannelFuture connect = client(nio, new Collector()).connect(address);
            assertEquals("ShmChannel" + needed, failure(connect, IllegalStateException.class));
            assertTrue(connect.channel().closeFuture().awaitUninterruptibly(20, TimeUnit.SECONDS), "stays open");
            ChannelFuture bind = server(nio, new Collector()).bind(address);
            assertEquals("ShmServerChannel" + needed, failure(bind, IllegalStateException.class));
            assertTrue(bind.channel().closeFuture().awaitUninterruptibly(20, TimeUnit.SECONDS), "stays open");

            EventLoopGroup pipes = newGroup(NamedPipe.newIoHandlerFactory());
            String message = failure(client(pipes, new Collector()).connect(address), IllegalStateException.class);
            assertTrue(message.contains("Shm.newIoHandlerFactory()"), message);

            EventLoopGroup local = newGroup(LocalIoHandler.newFactory());
            message = failure(client(local, new Collector()).connect(address), IllegalStateException.class);
            assertTrue(message.endsWith("a SingleThreadIoEventLoop that serves LocalChannel only"), message);

            EventLoopGroup none = new DefaultEventLoop();
            groups.add(none);
            message = failure(client(none, new Collector()).connect(address), IllegalStateException.class);
            assertTrue(message.endsWith("a DefaultEventLoop that serves no transport that is known here"), message);
        }

        @Test
        void aClientWhoseServersWorkersAreOfAnotherKindIsClosedAndTheNextOneToo() throws Exception {
            server(servers, newGroup(NioIoHandler.newFactory()), new Collector())
                    .bind(address)
                    .sync();
            for (int i = 0; i < 2; i++) {
                failure(client(clients, new Collector()).connect(address), IOException.class);
            }
        }

        @Test
        void aConnectThatFailsAtOnceLeavesNothingBehindAndCanBeTriedAgain() throws Exception {
            server(servers, new Echo()).bind(address).sync();
            Channel client = client(clients, new Collector()).register().sync().channel();
            client.deregister().sync();
            String message = failure(client.connect(address), IllegalStateException.class);
            assertTrue(message.endsWith("the channel is not registered with an event loop"), message);
            clients.register(client).sync();
            client.connect(address).sync();
        }

        @Test
        void aPlainServerThatDoesNotAnswerRunsIntoTheHandshakeTimeout() throws Exception {
            Channel plain = plainServer(new ChannelInboundHandlerAdapter() {
                @Override
                public boolean isSharable() {
                    return true;
                }

                @Override
                public void channelRead(ChannelHandlerContext ctx, Object msg) {
                    ReferenceCountUtil.release(msg);
                }
            });
            ChannelFuture connect = client(clients, new Collector())
                    .option(ShmChannelOption.SHM_HANDSHAKE_TIMEOUT_MILLIS, 100)
                    .connect(address);
            String noAnswer =
                    "the server has taken the connection and said nothing; is it a pipe's? Then use shared memory"
                            + " (ShmServerChannel, ShmChannel) at both ends, or a pipe (NamedPipe's channel types)";
            assertEquals("the handshake took longer than 100 ms: " + noAnswer, failure(connect, IOException.class));
            connect = client(clients, new Collector())
                    .option(ChannelOption.CONNECT_TIMEOUT_MILLIS, 100)
                    .connect(address);
            assertEquals(
                    "connection timed out after 100 ms: " + address + ", connected, and " + noAnswer,
                    failure(connect, ConnectTimeoutException.class));
            plain.close().sync();
        }

        @Test
        void aPlainServerThatAnswersSomethingElseIsRecognised() throws Exception {
            Channel plain = plainServer(new Echo());
            String message = failure(client(clients, new Collector()).connect(address), IOException.class);
            assertEquals(
                    "the server sent back what this client sends; is it a pipe's that echoes? Then use shared memory"
                            + " (ShmServerChannel, ShmChannel) at both ends, or a pipe (NamedPipe's channel types)",
                    message);
            plain.close().sync();
        }

        private Channel plainServer(ChannelHandler handler) throws InterruptedException {
            return new ServerBootstrap()
                    .group(newGroup(NamedPipe.newIoHandlerFactory()))
                    .channel(NamedPipe.serverChannelType())
                    .childHandler(handler)
                    .bind(address.control())
                    .sync()
                    .channel();
        }

        /** Whether the client says something first or waits for the server. */
        @ParameterizedTest
        @ValueSource(booleans = {true, false})
        void aPlainClientIsToldThatTheServerIsOneOfSharedMemory(boolean speaks) throws Exception {
            BlockingQueue<Throwable> serversFailures = new LinkedBlockingQueue<>();
            server(servers, new FailureCollector(serversFailures))
                    .childOption(ShmChannelOption.SHM_HANDSHAKE_TIMEOUT_MILLIS, speaks ? 10_000 : 100)
                    .bind(address)
                    .sync();
            BlockingQueue<Throwable> failures = new LinkedBlockingQueue<>();
            Channel plain = plainClient(new FailureCollector(failures));
            String cause;
            if (speaks) {
                plain.writeAndFlush(ByteBufUtil.writeAscii(plain.alloc(), "GET / HTTP/1.1\r\n\r\n"));
                cause = "the peer does not speak the shared-memory handshake: its message has the type 0x47; is it a"
                        + " plain pipe or socket? Then ";
            } else {
                cause = "the handshake took longer than 100 ms: the client has connected and said nothing; is it a"
                        + " pipe's? Then ";
            }
            cause += "use shared memory (ShmServerChannel, ShmChannel) at both ends, or a pipe (NamedPipe's channel"
                    + " types)";
            Throwable failure = failures.poll(20, TimeUnit.SECONDS);
            assertInstanceOf(ProtocolException.class, failure);
            assertEquals(
                    "the server at " + plain.remoteAddress()
                            + " is one of shared memory, and this client one of a pipe: connect with ShmChannel and"
                            + " event loops of Shm.newIoHandlerFactory(), or bind NamedPipe.serverChannelType() there;"
                            + " the server"
                            + " says: " + cause,
                    failure.getMessage());
            assertTrue(plain.closeFuture().awaitUninterruptibly(20, TimeUnit.SECONDS), "not closed");
            assertEquals(cause, serversFailures.poll(20, TimeUnit.SECONDS).getMessage());

            assertTrue(connect(new Collector()).isActive(), "the server serves nobody any more");
            assertTrue(failures.isEmpty() && serversFailures.isEmpty(), "more failed than that client");
        }

        private Channel plainClient(ChannelHandler handler) throws InterruptedException {
            return new Bootstrap()
                    .group(newGroup(NamedPipe.newIoHandlerFactory()))
                    .channel(NamedPipe.channelType())
                    .handler(handler)
                    .connect(address.control())
                    .sync()
                    .channel();
        }

        /** The server may be gone before the client's first message. */
        @ParameterizedTest
        @ValueSource(booleans = {false, true})
        void aClientIsToldThatTheServerClosedItsChannel(boolean nio) throws Exception {
            server(servers, new Echo())
                    .handler(new ChannelInboundHandlerAdapter() {
                        @Override
                        public void channelRead(ChannelHandlerContext ctx, Object msg) {
                            ctx.fireChannelRead(msg);
                            Channel child = (Channel) msg;
                            child.eventLoop().execute(child::close);
                        }
                    })
                    .bind(address)
                    .sync();
            EventLoopGroup group = nio ? nioGroup() : clients;
            for (int i = 0; i < 50; i++) {
                assertEquals(
                        "the peer refused the connection: its channel was closed during the handshake",
                        failure(client(group, new Collector()).connect(address), HandshakeException.class));
            }
        }

        /** As an accepted socket: Netty's HTTP/2 codec and others ask for that when they are added. */
        @Test
        void anAcceptedChannelIsActiveAndKnowsItsPeerWhenItsHandlersAreAdded() throws Exception {
            BlockingQueue<String> seen = new LinkedBlockingQueue<>();
            server(servers, new ChannelInboundHandlerAdapter() {
                        @Override
                        public void handlerAdded(ChannelHandlerContext ctx) {
                            ShmChannel channel = (ShmChannel) ctx.channel();
                            seen.add("added " + channel.isActive() + ' ' + channel.isRegistered() + ' '
                                    + Shm.peer(channel).processId() + ' '
                                    + channel.terms().sendCapacity());
                        }

                        @Override
                        public void channelRegistered(ChannelHandlerContext ctx) {
                            seen.add("registered");
                        }

                        @Override
                        public void channelActive(ChannelHandlerContext ctx) {
                            seen.add("active");
                            ctx.close();
                        }

                        @Override
                        public void channelInactive(ChannelHandlerContext ctx) {
                            seen.add("inactive");
                        }

                        @Override
                        public void channelUnregistered(ChannelHandlerContext ctx) {
                            seen.add("unregistered");
                        }
                    })
                    .bind(address)
                    .sync();

            connect(new Collector()).closeFuture().await(20, TimeUnit.SECONDS);

            String added = "added true true " + ProcessHandle.current().pid() + ' ' + (256 << 10);
            for (String each : List.of(added, "registered", "active", "inactive", "unregistered")) {
                assertEquals(each, seen.poll(20, TimeUnit.SECONDS));
            }
        }

        @Test
        void moreClientsThanHandshakesAtOnceConnectOneAfterTheOther() throws Exception {
            server(servers, new Echo())
                    .option(ShmChannelOption.SHM_MAX_HANDSHAKES, 1)
                    .bind(address)
                    .sync();
            List<ChannelFuture> connects = new ArrayList<>();
            for (int i = 0; i < 100; i++) {
                connects.add(client(clients, new Collector()).connect(address));
            }
            for (ChannelFuture connect : connects) {
                assertTrue(connect.awaitUninterruptibly(20, TimeUnit.SECONDS), "never connected");
                assertTrue(connect.isSuccess(), () -> String.valueOf(connect.cause()));
            }
        }

        @Test
        void aClosedServersNameCanBeBoundAtOnce() throws Exception {
            for (int i = 0; i < 50; i++) {
                Channel server =
                        server(servers, new Echo()).bind(address).sync().channel();
                failure(server(servers, new Echo()).bind(address), IOException.class);
                server.close().sync();
            }
        }
    }

    @Nested
    class AgreeingOnMemory {

        @ParameterizedTest
        @EnumSource(Kinds.class)
        void bothSidesKnowWhatTheyAgreedOn(Kinds kinds) throws Exception {
            boolean eventFd = kinds == Kinds.SAME || kinds.name().startsWith("URING");
            boolean nio = kinds == Kinds.NIO_CLIENT || kinds == Kinds.NIO_SERVER;
            server(serverGroup(kinds), new Echo())
                    .childOption(ShmChannelOption.SHM_SEND_CAPACITY, 8192)
                    .childOption(ShmChannelOption.SHM_RECEIVE_CAPACITY, 1 << 20)
                    .childOption(ShmChannelOption.SHM_DOORBELL, kinds.serversDoorbell())
                    .bind(address)
                    .sync();
            ShmChannel client = (ShmChannel) client(clientGroup(kinds), new Collector())
                    .option(ShmChannelOption.SHM_SEND_CAPACITY, 16384)
                    .option(ShmChannelOption.SHM_DOORBELL, kinds.clientsDoorbell())
                    .register()
                    .sync()
                    .channel();
            assertThrows(NotYetConnectedException.class, client::terms);
            client.connect(address).sync();
            ShmChannel child = (ShmChannel) nextChild();
            boolean windows = OS.WINDOWS.isCurrentOs();
            ShmMemory memory = windows ? ShmMemory.SECTION : nio ? ShmMemory.FILE : ShmMemory.SEALED;
            ShmDoorbell doorbell = eventFd && !windows ? ShmDoorbell.EVENT_FD : ShmDoorbell.CONTROL_BYTE;
            ShmTerms expected = new ShmTerms(memory, doorbell, 16384, 8192, 0, 0);
            assertEquals(expected, client.terms());
            client.close().sync();
            assertEquals(expected, client.terms());
            assertTrue(child.closeFuture().awaitUninterruptibly(20, TimeUnit.SECONDS));
            assertEquals(new ShmTerms(memory, doorbell, 8192, 16384, 0, 0), child.terms());
        }

        @Test
        void aChannelsTextNamesThePeerAndWhatTheyAgreedOn() throws Exception {
            server(servers, new Echo())
                    .childOption(ShmChannelOption.SHM_SEND_CAPACITY, 8192)
                    .bind(address)
                    .sync();
            ShmChannel client = (ShmChannel) connect(new Collector());
            Channel child = nextChild();
            // A client may be connected before its server is.
            child.eventLoop().submit(() -> {}).sync();
            String process = "process " + ProcessHandle.current().pid() + " of ";
            String terms =
                    client.terms().memory() + " memory, " + client.terms().doorbell() + ", sends by ";

            String text = client.toString();
            assertTrue(text.contains(address + ", connected to " + process), text);
            assertTrue(text.endsWith(terms + "262144 bytes, receives by 8192]"), text);
            text = child.toString();
            assertTrue(text.contains(address + ", accepted from " + process), text);
            assertTrue(text.endsWith(terms + "8192 bytes, receives by 262144]"), text);
        }

        @ParameterizedTest
        @EnumSource(Kinds.class)
        @EnabledOnOs(value = OS.LINUX, disabledReason = "other systems have one kind of memory")
        void aSideThatRequiresSealedMemoryGetsNoOther(Kinds kinds) throws Exception {
            boolean serverRequires = kinds == Kinds.NIO_CLIENT || kinds == Kinds.SAME;
            server(serverGroup(kinds), new Echo())
                    .childOption(ShmChannelOption.SHM_REQUIRE_SEALED, serverRequires)
                    .bind(address)
                    .sync();
            ChannelFuture connect = client(clientGroup(kinds), new Collector())
                    .option(ShmChannelOption.SHM_REQUIRE_SEALED, !serverRequires)
                    .connect(address);
            if (kinds == Kinds.NIO_CLIENT) {
                assertEquals(
                        "the peer refused the connection: no kind of memory suits both: the client has 10, the server"
                                + " 1 and requires it to be sealed (SHM_REQUIRE_SEALED)",
                        failure(connect, IOException.class));
            } else if (kinds == Kinds.NIO_SERVER) {
                assertEquals(
                        "the peer refused the connection: no kind of memory suits both: the client has 1, the"
                                + " server 10",
                        failure(connect, IOException.class));
            } else {
                assertEquals(
                        ShmMemory.SEALED,
                        ((ShmChannel) connect.sync().channel()).terms().memory());
            }
        }

        @Test
        @EnabledOnOs(value = OS.LINUX, disabledReason = "other systems have one kind of memory")
        void aClientThatRequiresSealedMemoryAndHasNoneSaysSo() throws Exception {
            server(servers, new Echo()).bind(address).sync();
            ChannelFuture connect = client(nioGroup(), new Collector())
                    .option(ShmChannelOption.SHM_REQUIRE_SEALED, true)
                    .connect(address);
            assertEquals(
                    "sealed memory is required (SHM_REQUIRE_SEALED), and this side has none to offer; that takes Linux"
                            + " with epoll or io_uring, or Windows",
                    failure(connect, IOException.class));
        }

        @ParameterizedTest
        @ValueSource(ints = {0, 1, 4095, 4097, 2048, 6000, Integer.MIN_VALUE, Integer.MAX_VALUE})
        void onlyPowersOfTwoWithinTheLimitsAreCapacities(int capacity) {
            ShmChannel channel = new ShmChannel();
            String message = assertThrows(
                            IllegalArgumentException.class,
                            () -> channel.config().setSendCapacity(capacity))
                    .getMessage();
            assertEquals("sendCapacity: " + capacity + " (expected: a power of two from 4096 to 1073741824)", message);
            assertThrows(
                    IllegalArgumentException.class,
                    () -> channel.config().setOption(ShmChannelOption.SHM_RECEIVE_CAPACITY, capacity));
            channel.unsafe().closeForcibly();
        }

        @Test
        void aServerThatHasNoMemoryLeftSaysSoAndServesAgainLater() throws Exception {
            assertServesOneAtATime(
                    ShmChannelOption.SHM_MAX_MEMORY,
                    "the server has no memory left for a connection of 24576 bytes: its connections use 24576 of 24576"
                            + " bytes (SHM_MAX_MEMORY)");
        }

        @Test
        void aClientThatHasItsShareOfTheMemoryIsRefusedSayingSo() throws Exception {
            assertServesOneAtATime(
                    ShmChannelOption.SHM_MAX_MEMORY_PER_PEER,
                    "the server has no memory left for another connection of 24576 bytes with this peer"
                            + " (SHM_MAX_MEMORY_PER_PEER)");
        }

        private void assertServesOneAtATime(ChannelOption<Long> limit, String refusal) throws Exception {
            server(servers, new Echo())
                    .option(limit, 2L * (4096 + 8192))
                    .childOption(ShmChannelOption.SHM_SEND_CAPACITY, 8192)
                    .childOption(ShmChannelOption.SHM_RECEIVE_CAPACITY, 8192)
                    .bind(address)
                    .sync();
            for (int i = 0; i < 20; i++) {
                Channel first = connect(new Collector());
                Channel child = nextChild();
                String message = failure(client(clients, new Collector()).connect(address), IOException.class);
                assertEquals("the peer refused the connection: " + refusal, message);
                nextChild();
                first.close().sync();
                child.closeFuture().sync();
            }
        }

        /** Its thread is busy, as it would be for a second with rings of a gigabyte; the two event loops are not. */
        @ParameterizedTest
        @EnumSource(Kinds.class)
        void largeRingsAreMadeAndUnmadeBesideTheLoops(Kinds kinds) throws Exception {
            int capacity = 4 << 20;
            long mapped = SystemResources.count().mappings();
            Collector collector = new Collector();
            CompletableFuture<Channel> accepted = new CompletableFuture<>();
            server(serverGroup(kinds), new Echo())
                    .handler(new ChannelInboundHandlerAdapter() {
                        @Override
                        public void channelRead(ChannelHandlerContext ctx, Object msg) {
                            ctx.fireChannelRead(msg);
                            accepted.complete((Channel) msg);
                        }
                    })
                    .childOption(ShmChannelOption.SHM_SEND_CAPACITY, capacity)
                    .childOption(ShmChannelOption.SHM_RECEIVE_CAPACITY, capacity)
                    .bind(address)
                    .sync();
            EventLoopGroup clientGroup = clientGroup(kinds);
            CountDownLatch make = busyForLargeMemory();
            ChannelFuture connect = client(clientGroup, collector)
                    .option(ShmChannelOption.SHM_SEND_CAPACITY, capacity)
                    .option(ShmChannelOption.SHM_RECEIVE_CAPACITY, capacity)
                    .connect(address);
            Channel client = connect.channel();
            Channel child = accepted.get(20, TimeUnit.SECONDS);
            for (int i = 0; i < 10; i++) {
                client.eventLoop().submit(() -> {}).sync();
                child.eventLoop().submit(() -> {}).sync();
            }
            assertFalse(connect.isDone());
            make.countDown();
            connect.sync();
            byte[] bytes = new byte[10_000_000];
            new Random(3).nextBytes(bytes);
            client.writeAndFlush(Unpooled.wrappedBuffer(bytes));
            collector.await(bytes.length);
            assertTrue(Arrays.equals(bytes, collector.bytes()));
            CountDownLatch unmap = busyForLargeMemory();
            client.close().sync();
            assertTrue(child.closeFuture().awaitUninterruptibly(20, TimeUnit.SECONDS), "stays");
            if (OS.LINUX.isCurrentOs()) {
                assertEquals(mapped + 4, SystemResources.count().mappings());
            }
            unmap.countDown();
            CountDownLatch done = new CountDownLatch(1);
            LargeMemory.execute(done::countDown);
            assertTrue(done.await(20, TimeUnit.SECONDS));
            assertEquals(mapped, SystemResources.count().mappings());
        }

        /** Keeps the thread for large memory busy until that is counted down. */
        private static CountDownLatch busyForLargeMemory() {
            CountDownLatch end = new CountDownLatch(1);
            LargeMemory.execute(() -> {
                try {
                    end.await();
                } catch (InterruptedException e) {
                    throw new AssertionError(e);
                }
            });
            return end;
        }
    }

    @Nested
    class Transferring {

        /**
         * Of every kind of buffer, one after the other, in both directions at once, with rings that are much smaller.
         */
        @ParameterizedTest
        @EnumSource(Kinds.class)
        void everyKindOfBufferArrivesThroughTheSmallestRings(Kinds kinds) throws Exception {
            server(serverGroup(kinds), new Echo())
                    .childOption(ShmChannelOption.SHM_SEND_CAPACITY, 4096)
                    .childOption(ShmChannelOption.SHM_DOORBELL, kinds.serversDoorbell())
                    .bind(address)
                    .sync();
            Collector collector = new Collector();
            Channel client = client(clientGroup(kinds), collector)
                    .option(ShmChannelOption.SHM_SEND_CAPACITY, 4096)
                    .option(ShmChannelOption.SHM_DOORBELL, kinds.clientsDoorbell())
                    .connect(address)
                    .sync()
                    .channel();
            Random random = new Random(1);
            ByteBuf expected = Unpooled.buffer();
            ChannelFuture last = null;
            for (int i = 0; i < 300; i++) {
                byte[] bytes = new byte[i % 7 == 0 ? 0 : random.nextInt(i % 50 == 1 ? 50_000 : 3_000)];
                random.nextBytes(bytes);
                expected.writeBytes(bytes);
                last = client.writeAndFlush(
                        switch (i % 5) {
                            case 0 -> Unpooled.wrappedBuffer(bytes);
                            case 1 -> client.alloc().directBuffer().writeBytes(bytes);
                            case 2 -> Unpooled.wrappedBuffer(bytes).asReadOnly();
                            case 3 ->
                                client.alloc()
                                        .compositeBuffer()
                                        .addComponent(true, Unpooled.copiedBuffer(bytes, 0, bytes.length / 2))
                                        .addComponent(
                                                true,
                                                client.alloc()
                                                        .directBuffer()
                                                        .writeBytes(
                                                                bytes,
                                                                bytes.length / 2,
                                                                bytes.length - bytes.length / 2));
                            default -> client.alloc().heapBuffer().writeBytes(bytes);
                        });
            }
            assertTrue(last.awaitUninterruptibly(20, TimeUnit.SECONDS) && last.isSuccess(), String.valueOf(last));
            collector.await(expected.readableBytes());
            assertEquals(expected, Unpooled.wrappedBuffer(collector.bytes()));
            expected.release();
            client.close().sync();
            assertTrue(nextChild().closeFuture().awaitUninterruptibly(20, TimeUnit.SECONDS));
        }

        @Test
        void aFileArrivesWholeFromAnyOffset() throws Exception {
            Path path = directory.resolve("file");
            byte[] content = new byte[1_000_003];
            new Random(2).nextBytes(content);
            Files.write(path, content);
            Collector collector = new Collector();
            server(servers, collector).bind(address).sync();
            Channel client = connect(new Collector());
            client.writeAndFlush(new DefaultFileRegion(path.toFile(), 77, content.length - 77))
                    .sync();
            client.writeAndFlush(new DefaultFileRegion(path.toFile(), 5, 0)).sync();
            client.writeAndFlush(Unpooled.wrappedBuffer(content, 0, 77)).sync();
            collector.await(content.length);
            ByteBuf expected = Unpooled.wrappedBuffer(
                    Unpooled.wrappedBuffer(content, 77, content.length - 77), Unpooled.wrappedBuffer(content, 0, 77));
            assertEquals(expected, Unpooled.wrappedBuffer(collector.bytes()));
            client.close().sync();
        }

        @Test
        void aFileThatIsShorterThanItsRegionFailsTheWrite() throws Exception {
            Path path = directory.resolve("file");
            Files.write(path, new byte[100_000]);
            server(servers, new Collector()).bind(address).sync();
            Channel client = connect(new Collector());
            DefaultFileRegion region = new DefaultFileRegion(path.toFile(), 0, 100_000);
            region.open();
            try (RandomAccessFile file = new RandomAccessFile(path.toFile(), "rw")) {
                file.setLength(50_000);
            }
            String message = failure(client.writeAndFlush(region), IOException.class);
            assertTrue(message.contains("50000"), message);
            client.close().sync();
        }

        @Test
        void aWriterThatOutrunsItsReaderStopsBeingWritableAndGoesOnLater() throws Exception {
            Collector collector = new Collector();
            server(servers, collector)
                    .childOption(ChannelOption.AUTO_READ, false)
                    .bind(address)
                    .sync();
            AtomicInteger changes = new AtomicInteger();
            CountDownLatch writableAgain = new CountDownLatch(1);
            Channel client = connect(new ChannelInboundHandlerAdapter() {
                @Override
                public void channelWritabilityChanged(ChannelHandlerContext ctx) {
                    changes.incrementAndGet();
                    if (ctx.channel().isWritable()) {
                        writableAgain.countDown();
                    }
                }
            });
            int sent = 0;
            while (client.isWritable()) {
                client.writeAndFlush(client.alloc().buffer().writeZero(1000));
                sent += 1000;
                assertTrue(sent < 10_000_000, "always writable");
                client.eventLoop().submit(() -> {}).sync();
            }
            assertTrue(sent >= (256 << 10), sent + " bytes filled it");
            assertEquals(0, collector.size());
            assertEquals(1, writableAgain.getCount());
            nextChild().config().setAutoRead(true);
            assertTrue(writableAgain.await(20, TimeUnit.SECONDS), "not writable again");
            collector.await(sent);
            client.close().sync();
        }
    }

    @Nested
    class Ending {

        @Test
        void eachSideMayEndItsOutputAndStillReads() throws Exception {
            Collector collector = new Collector();
            server(servers, collector)
                    .childOption(ChannelOption.ALLOW_HALF_CLOSURE, true)
                    .bind(address)
                    .sync();
            Collector answer = new Collector();
            ShmChannel client = (ShmChannel) connect(answer);
            client.writeAndFlush(Unpooled.wrappedBuffer(new byte[1000]));
            client.shutdownOutput().sync();
            assertTrue(client.isOutputShutdown() && !client.isInputShutdown());
            failure(client.writeAndFlush(Unpooled.wrappedBuffer(new byte[1])), IOException.class);
            ShmChannel child = (ShmChannel) nextChild();
            assertTrue(collector.inputEnded.await(20, TimeUnit.SECONDS), "no end");
            assertEquals(1000, collector.size());
            assertTrue(child.isActive() && child.isInputShutdown() && !child.isOutputShutdown());
            child.writeAndFlush(Unpooled.wrappedBuffer(new byte[5000])).sync();
            child.close().sync();
            assertTrue(client.closeFuture().awaitUninterruptibly(20, TimeUnit.SECONDS), "the client stays");
            assertEquals(5000, answer.size());
        }

        @Test
        void anEndWhosePromiseIsCancelledDoesNotHappen() throws Exception {
            server(servers, new Collector()).bind(address).sync();
            ShmChannel client = (ShmChannel) connect(new Collector());
            ShmChannel unconnected = (ShmChannel)
                    client(clients, new Collector()).register().sync().channel();
            ChannelPromise cancelled = client.newPromise();
            assertTrue(cancelled.cancel(false));
            client.eventLoop().submit(() -> client.shutdownInput(cancelled)).sync();
            client.eventLoop().submit(() -> client.shutdownOutput(cancelled)).sync();
            client.eventLoop()
                    .submit(() -> unconnected.shutdownInput(cancelled))
                    .sync();
            client.eventLoop()
                    .submit(() -> unconnected.shutdownOutput(cancelled))
                    .sync();
            assertFalse(client.isInputShutdown() || client.isOutputShutdown());
            client.close().sync();
            client.eventLoop().submit(() -> client.shutdownInput(cancelled)).sync();
        }

        @Test
        void anEndWhosePromiseIsDoneHappens() throws Exception {
            server(servers, new Collector()).bind(address).sync();
            ShmChannel client = (ShmChannel) connect(new Collector());
            client.eventLoop()
                    .submit(() -> client.shutdownInput(client.newPromise().setSuccess()))
                    .sync();
            assertTrue(client.isInputShutdown());
        }

        @Test
        void whatWasWrittenBeforeACloseIsReadAlsoByOneWhoDidNotReadThen() throws Exception {
            Collector collector = new Collector();
            server(servers, collector)
                    .childOption(ChannelOption.AUTO_READ, false)
                    .bind(address)
                    .sync();
            Channel client = connect(new Collector());
            Channel child = nextChild();
            client.writeAndFlush(Unpooled.wrappedBuffer(new byte[100_000])).sync();
            client.close().sync();
            for (int i = 0; i < 10; i++) {
                child.eventLoop().submit(() -> {}).sync();
            }
            assertTrue(child.isActive(), "closed with bytes unread");
            child.config().setAutoRead(true);
            assertTrue(child.closeFuture().awaitUninterruptibly(20, TimeUnit.SECONDS), "stays");
            assertEquals(100_000, collector.size());
        }
    }

    @Nested
    class SharingALoop {

        @ParameterizedTest
        @ValueSource(booleans = {true, false})
        @EnabledOnOs(value = OS.LINUX, disabledReason = "other systems have one transport")
        void aServerWhoseChildrenHaveAnotherTransportSaysSoAndKeepsNothingOpen(boolean nioAccepts) throws Exception {
            EventLoopGroup nio = nioGroup();
            BlockingQueue<Throwable> failures = new LinkedBlockingQueue<>();
            server(nioAccepts ? nio : servers, nioAccepts ? servers : nio, new ChannelInboundHandlerAdapter() {
                        @Override
                        public boolean isSharable() {
                            return true;
                        }

                        @Override
                        public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
                            failures.add(cause);
                        }
                    })
                    .bind(address)
                    .sync();
            int handles = OpenHandles.count();
            for (int i = 0; i < 30; i++) {
                failure(client(clients, new Collector()).connect(address), IOException.class);
                assertTrue(nextChild().closeFuture().awaitUninterruptibly(20, TimeUnit.SECONDS), "stays");
                Throwable failure = failures.poll(20, TimeUnit.SECONDS);
                assertInstanceOf(IllegalStateException.class, failure);
                assertTrue(failure.getMessage().contains("handlers over the same transport"), failure.getMessage());
            }
            assertTrue(OpenHandles.count() < handles + 20, "handles are open");
        }

        /** Unmapping is for the thread that may be using the ring: anything else ends the JVM, sooner or later. */
        @Test
        @EnabledOnOs(value = OS.LINUX, disabledReason = "mappings are counted on Linux only")
        void aChannelThatMayNotMoveToAnotherLoopIsUnmappedByItsOwn() throws Exception {
            server(servers, new Collector()).bind(address).sync();
            EventLoopGroup others = newGroup(ShmSpinStrategy.ADAPTIVE);
            Channel client = connect(new Collector());
            Channel child = nextChild();
            long mapped = SystemResources.count().mappings();
            client.deregister().sync();
            CountDownLatch busy = new CountDownLatch(1);
            CountDownLatch leave = new CountDownLatch(1);
            Future<?> work = clients.next().submit(() -> {
                busy.countDown();
                leave.await();
                return null;
            });
            busy.await();
            String message = failure(others.register(client), IllegalStateException.class);
            assertEquals(address + ": an open shared-memory channel can't move to another event loop", message);
            assertTrue(client.closeFuture().isDone() && !client.isOpen());
            assertEquals(mapped, SystemResources.count().mappings(), "while its loop is busy");
            leave.countDown();
            work.sync();
            assertTrue(child.closeFuture().awaitUninterruptibly(20, TimeUnit.SECONDS), "the peer stays");
            clients.submit(() -> {}).sync();
            assertEquals(mapped - 4, SystemResources.count().mappings());
        }

        @ParameterizedTest
        @EnumSource(ShmSpinStrategy.class)
        void tasksOfOtherThreadsAndTimersAreServedWhileRingsAreWatched(ShmSpinStrategy strategy) throws Exception {
            EventLoopGroup loop = newGroup(strategy);
            server(loop, new Echo()).bind(address).sync();
            // Goes round for ever, so that the loop always has something to watch.
            Channel client = connect(new Echo());
            client.writeAndFlush(Unpooled.wrappedBuffer(new byte[64]));
            long[] task = new long[200];
            long[] timer = new long[20];
            for (int i = 0; i < task.length; i++) {
                long start = System.nanoTime();
                loop.submit(() -> {}).sync();
                task[i] = System.nanoTime() - start;
            }
            for (int i = 0; i < timer.length; i++) {
                long due = System.nanoTime() + 10_000_000;
                timer[i] = loop.schedule(System::nanoTime, 10, TimeUnit.MILLISECONDS)
                                .get()
                        - due;
            }
            client.close().sync();
            Arrays.sort(task);
            Arrays.sort(timer);
            System.out.printf(
                    "%s: task %d us, timer late by %d us (medians)%n",
                    strategy, task[task.length / 2] / 1000, timer[timer.length / 2] / 1000);
            // Machines are noisy: it is the difference to never that counts.
            assertTrue(task[task.length / 2] < 20_000_000, "tasks take " + task[task.length / 2] + " ns");
            assertTrue(timer[timer.length / 2] < 20_000_000, "timers are late by " + timer[timer.length / 2] + " ns");
        }

        /** A handler that refills at once what was written, and a reader that takes it as fast. */
        @Test
        void anEndlessWriterLeavesTimeForTheOthersOfItsLoop() throws Exception {
            AtomicLong received = new AtomicLong();
            server(servers, new ChannelInboundHandlerAdapter() {
                        @Override
                        public void channelRead(ChannelHandlerContext ctx, Object msg) {
                            received.addAndGet(((ByteBuf) msg).readableBytes());
                            ReferenceCountUtil.release(msg);
                        }
                    })
                    .bind(address)
                    .sync();
            byte[] chunk = new byte[8192];
            Channel client = connect(new ChannelInboundHandlerAdapter() {
                @Override
                public void channelActive(ChannelHandlerContext ctx) {
                    fill(ctx);
                }

                @Override
                public void channelWritabilityChanged(ChannelHandlerContext ctx) {
                    fill(ctx);
                }

                private void fill(ChannelHandlerContext ctx) {
                    while (ctx.channel().isActive() && ctx.channel().isWritable()) {
                        ctx.write(Unpooled.wrappedBuffer(chunk));
                    }
                    ctx.flush();
                }
            });
            for (int i = 0; i < 200; i++) {
                assertTrue(
                        client.eventLoop().submit(() -> {}).awaitUninterruptibly(10, TimeUnit.SECONDS),
                        "the loop does nothing but write");
            }
            client.close().sync();
            nextChild().closeFuture().sync();
            assertTrue(received.get() > 0);
        }

        @ParameterizedTest
        @EnumSource(ShmSpinStrategy.class)
        @EnabledOnOs(value = OS.LINUX, disabledReason = "only Linux has epoll")
        void tcpOfEpollOnTheSameLoopIsServedWhileARingIsBusy(ShmSpinStrategy strategy) throws Exception {
            EventLoopGroup loop = newGroup(strategy);
            Channel tcp = new ServerBootstrap()
                    .group(loop)
                    .channel(EpollServerSocketChannel.class)
                    .childHandler(new Echo())
                    .bind(InetAddress.getLoopbackAddress(), 0)
                    .sync()
                    .channel();
            pingBesideABusyRing(
                    loop,
                    new Bootstrap()
                            .group(loop)
                            .channel(EpollSocketChannel.class)
                            .remoteAddress(tcp.localAddress()));
        }

        @ParameterizedTest
        @EnumSource(ShmSpinStrategy.class)
        void tcpOfTheSameLoopIsServedWhileARingIsBusy(ShmSpinStrategy strategy) throws Exception {
            EventLoopGroup loop = newGroup(Shm.newIoHandlerFactory(NioIoHandler.newFactory(), strategy));
            Channel tcp = new ServerBootstrap()
                    .group(loop)
                    .channel(NioServerSocketChannel.class)
                    .childHandler(new Echo())
                    .bind(InetAddress.getLoopbackAddress(), 0)
                    .sync()
                    .channel();
            pingBesideABusyRing(
                    loop,
                    new Bootstrap()
                            .group(newGroup(NioIoHandler.newFactory()))
                            .channel(NioSocketChannel.class)
                            .remoteAddress(tcp.localAddress()));
        }

        @ParameterizedTest
        @EnumSource(ShmSpinStrategy.class)
        void pipesAndDomainSocketsOfTheSameLoopAreServedWhileARingIsBusy(ShmSpinStrategy strategy) throws Exception {
            EventLoopGroup loop = newGroup(strategy);
            NamedPipeAddress other =
                    NamedPipeAddress.of("beside-" + ProcessHandle.current().pid() + '-' + NEXT_NAME.incrementAndGet());
            new ServerBootstrap()
                    .group(loop)
                    .channel(NamedPipe.serverChannelType())
                    .childHandler(new Echo())
                    .bind(other)
                    .sync();
            pingBesideABusyRing(
                    loop,
                    new Bootstrap()
                            .group(newGroup(NamedPipe.newIoHandlerFactory()))
                            .channel(NamedPipe.channelType())
                            .remoteAddress(other));
        }

        private void pingBesideABusyRing(EventLoopGroup loop, Bootstrap other) throws Exception {
            server(loop, new Echo()).bind(address).sync();
            Channel busy = connect(new Echo());
            busy.writeAndFlush(Unpooled.wrappedBuffer(new byte[64]));
            Collector collector = new Collector();
            Channel channel = other.handler(collector).connect().sync().channel();
            for (int i = 1; i <= 200; i++) {
                channel.writeAndFlush(Unpooled.wrappedBuffer(new byte[10]));
                collector.await(10 * i);
            }
            channel.close().sync();
            busy.close().sync();
        }

        @Test
        @DisabledOnOs(value = OS.WINDOWS, disabledReason = "Wine does not count the processor time of threads")
        void anIdleConnectionCostsNoProcessorTime() throws Exception {
            server(servers, new Echo()).bind(address).sync();
            Collector collector = new Collector();
            Channel client = connect(collector);
            client.writeAndFlush(Unpooled.wrappedBuffer(new byte[10]));
            collector.await(10);
            long thread = client.eventLoop()
                    .submit(() -> Thread.currentThread().getId())
                    .get();
            var threads = ManagementFactory.getThreadMXBean();
            Thread.sleep(50);
            long before = threads.getThreadCpuTime(thread);
            Thread.sleep(500);
            long used = threads.getThreadCpuTime(thread) - before;
            assertTrue(used < 50_000_000, used + " ns of processor time in half a second");
            client.close().sync();
        }
    }
}
