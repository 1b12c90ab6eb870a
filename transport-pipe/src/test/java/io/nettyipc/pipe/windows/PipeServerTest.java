/* Copyright 2026 The Netty IPC Authors. Licensed under the Apache License, Version 2.0; see LICENSE. */
package io.nettyipc.pipe.windows;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoop;
import io.netty.channel.ServerChannelRecvByteBufAllocator;
import io.nettyipc.base.os.Kernel32;
import io.nettyipc.base.os.Win32Error;
import io.nettyipc.pipe.NamedPipeAddress;
import io.nettyipc.pipe.NamedPipeChannelOption;
import io.nettyipc.pipe.NamedPipeSecurity;
import java.io.IOException;
import java.net.BindException;
import java.net.InetSocketAddress;
import java.nio.channels.ClosedChannelException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

/** Binding and accepting; the numbers are those of src/test/BEHAVIOUR.md. */
@EnabledOnOs(OS.WINDOWS)
@Timeout(120)
@SuppressWarnings("try") // the other end only has to be there
class PipeServerTest extends PipeFixture {

    private void awaitNameFree() throws InterruptedException {
        while (true) {
            RawPipe left = RawPipe.tryConnect(address);
            if (left == null && Win32Error.last().code() == Win32Error.FILE_NOT_FOUND) {
                return;
            }
            if (left != null) {
                left.close();
            }
            Thread.sleep(1);
        }
    }

    @Nested
    class Binding {
        /** 2 */
        @Test
        void aSecondServerIsToldThatTheNameIsTaken() {
            bind(new Echo());
            ChannelFuture second = server(new Echo()).bind(address).awaitUninterruptibly();
            assertInstanceOf(BindException.class, second.cause());
            assertTrue(
                    second.cause().getMessage().contains(address.path()),
                    second.cause().getMessage());
            assertTrue(
                    second.cause().getMessage().contains("exists already"),
                    second.cause().getMessage());
        }

        /** 3 */
        @Test
        void aNameIsFreeAgainOnceItsServerIsClosed() {
            for (int i = 0; i < 20; i++) {
                bind(new Echo()).close().syncUninterruptibly();
            }
        }

        @Test
        void aClosedServersNameStaysTakenWhileItsConnectionsLive() throws Exception {
            Channel server = bind(new Echo());
            Recorder recorder = new Recorder();
            Channel client = connect(recorder);
            client.writeAndFlush(client.alloc().buffer().writeByte(1)).sync();
            recorder.awaitBytes(1);
            server.close().sync();
            assertInstanceOf(
                    BindException.class,
                    server(new Echo()).bind(address).awaitUninterruptibly().cause());
            client.writeAndFlush(client.alloc().buffer().writeByte(2)).sync();
            assertArrayEquals(new byte[] {1, 2}, recorder.awaitBytes(2));
            server(new Echo())
                    .option(NamedPipeChannelOption.PIPE_FIRST_INSTANCE, false)
                    .bind(address)
                    .sync();
            try (RawPipe other = RawPipe.connect(address)) {
                other.write(new byte[] {3});
                assertArrayEquals(new byte[] {3}, other.readFully(1));
            }
        }

        /** 5; Windows allows 256 characters in all. */
        @Test
        void theLongestNameWorks() throws Exception {
            NamedPipeAddress longest = NamedPipeAddress.of("x".repeat(256 - "\\\\.\\pipe\\".length()));
            server(new Echo()).bind(longest).sync();
            try (RawPipe client = RawPipe.connect(longest)) {
                client.write(new byte[] {7});
                assertArrayEquals(new byte[] {7}, client.readFully(1));
            }
        }

        /** 6 */
        @Test
        void bindingABoundChannelAgainFailsAndHarmsNothing() throws Exception {
            Channel server = bind(new Echo());
            ChannelFuture again = server.bind(NamedPipeAddress.of("another")).awaitUninterruptibly();
            assertInstanceOf(IOException.class, again.cause());
            assertTrue(
                    again.cause().getMessage().contains("bound to"),
                    again.cause().getMessage());
            assertTrue(server.isActive());
            assertEquals(address, server.localAddress());
        }

        /** 7 */
        @Test
        void bindingAClosedChannelFails() throws Exception {
            Channel server = server(new Echo()).register().sync().channel();
            server.close().sync();
            assertInstanceOf(
                    ClosedChannelException.class,
                    server.bind(address).awaitUninterruptibly().cause());
        }

        /** 8: in Netty binding is listening; a channel that isn't bound has nothing to accept and closes like any. */
        @Test
        void aServerThatWasNeverBoundIsNotActiveAndCloses() throws Exception {
            Channel server = server(new Echo()).register().sync().channel();
            assertFalse(server.isActive());
            server.read();
            server.close().sync();
            assertFalse(server.isOpen());
        }

        @Test
        void anAddressOfAnotherKindIsRefusedWithWhatToUseInstead() {
            Throwable cause = server(new Echo())
                    .bind(new InetSocketAddress(0))
                    .awaitUninterruptibly()
                    .cause();
            assertInstanceOf(IllegalArgumentException.class, cause);
            assertTrue(cause.getMessage().contains("NamedPipeAddress.of"), cause.getMessage());
        }

        @Test
        void aBrokenSecurityDescriptorFailsTheBindAndIsNamed() {
            Throwable cause = server(new Echo())
                    .option(NamedPipeChannelOption.PIPE_SECURITY, NamedPipeSecurity.ofSddl("D:(nonsense"))
                    .bind(address)
                    .awaitUninterruptibly()
                    .cause();
            assertInstanceOf(BindException.class, cause);
            String message = cause.getMessage();
            assertTrue(message.startsWith(address.path() + ": "), message);
            assertTrue(message.contains("D:(nonsense"), message);
            assertTrue(message.matches(".*[A-Z]+_[A-Z_]+ \\(\\d+\\).*"), message);
        }

        @Test
        void thisUserConnectsUnderEachReadyMadeSecurityDescriptor() throws Exception {
            for (NamedPipeSecurity security : List.of(
                    NamedPipeSecurity.CURRENT_USER,
                    NamedPipeSecurity.LOGON_SESSION,
                    NamedPipeSecurity.AUTHENTICATED_USERS,
                    NamedPipeSecurity.ofSddl("D:P(A;;GA;;;WD)"))) {
                Channel server = server(new Echo())
                        .option(NamedPipeChannelOption.PIPE_SECURITY, security)
                        .bind(address)
                        .sync()
                        .channel();
                try (RawPipe client = RawPipe.connect(address)) {
                    client.write(new byte[] {1});
                    assertArrayEquals(new byte[] {1}, client.readFully(1), security.toString());
                }
                server.close().sync();
                Thread.sleep(100);
            }
        }

        @Test
        void optionsOfSocketsAreAcceptedWithoutAWord() {
            WindowsNamedPipeServerChannel server = new WindowsNamedPipeServerChannel();
            assertTrue(server.config().setOption(ChannelOption.SO_REUSEADDR, true));
            assertTrue(server.config().setOption(ChannelOption.SO_BACKLOG, 1024));
            assertEquals(64, server.config().getPendingInstances());
            WindowsNamedPipeChannel channel = new WindowsNamedPipeChannel();
            assertTrue(channel.config().setOption(ChannelOption.SO_KEEPALIVE, true));
            assertTrue(channel.config().setOption(ChannelOption.TCP_NODELAY, true));
            assertNull(channel.config().getOption(ChannelOption.SO_LINGER));
            assertFalse(channel.config().setOption(ChannelOption.valueOf("somebody elses"), 1));
        }
    }

    @Nested
    class Accepting {
        /** 9, 16 */
        @Test
        void asManyClientsConnectAsInstancesArePendingAndAreServedLater() throws Exception {
            Channel server = server(new Echo())
                    .option(ChannelOption.AUTO_READ, false)
                    .option(NamedPipeChannelOption.PIPE_PENDING_INSTANCES, 3)
                    .bind(address)
                    .sync()
                    .channel();
            List<RawPipe> waiting = new ArrayList<>();
            for (int i = 0; i < 3; i++) {
                waiting.add(RawPipe.connect(address));
            }
            assertNull(RawPipe.tryConnect(address));
            assertEquals(Win32Error.PIPE_BUSY, Win32Error.last().code());
            server.config().setAutoRead(true);
            for (RawPipe client : waiting) {
                client.write(new byte[] {5});
                assertArrayEquals(new byte[] {5}, client.readFully(1));
            }
            try (RawPipe another = RawPipe.connect(address)) {
                another.write(new byte[] {6});
                assertArrayEquals(new byte[] {6}, another.readFully(1));
            }
            waiting.forEach(RawPipe::close);
        }

        @Test
        void oneReadOfTheServerAcceptsAtMostWhatOneReadMay() throws Exception {
            Recorder accepted = new Recorder();
            Channel server = server(accepted)
                    .option(ChannelOption.AUTO_READ, false)
                    .option(
                            ChannelOption.RECVBUF_ALLOCATOR,
                            new ServerChannelRecvByteBufAllocator().maxMessagesPerRead(1))
                    .bind(address)
                    .sync()
                    .channel();
            try (RawPipe first = RawPipe.connect(address);
                    RawPipe second = RawPipe.connect(address)) {
                assertNull(accepted.active.poll(200, TimeUnit.MILLISECONDS));
                server.read();
                accepted.awaitActive();
                assertNull(accepted.active.poll(200, TimeUnit.MILLISECONDS));
                server.read();
                accepted.awaitActive();
            }
        }

        /** 10, 11, 14: the client tries from before the bind on, so it often comes before ConnectNamedPipe. */
        @Test
        void aClientThatIsFasterThanTheServerIsServed() throws Exception {
            for (int i = 0; i < 50; i++) {
                AtomicBoolean trying = new AtomicBoolean();
                CompletableFuture<RawPipe> client = CompletableFuture.supplyAsync(() -> {
                    RawPipe pipe;
                    do {
                        pipe = RawPipe.tryConnect(address);
                        trying.set(true);
                    } while (pipe == null);
                    return pipe;
                });
                while (!trying.get()) {
                    Thread.onSpinWait();
                }
                Channel server = server(new Echo())
                        .option(NamedPipeChannelOption.PIPE_PENDING_INSTANCES, 1 + i % 3)
                        .bind(address)
                        .sync()
                        .channel();
                try (RawPipe pipe = client.get(30, TimeUnit.SECONDS)) {
                    pipe.write(new byte[] {9});
                    assertArrayEquals(new byte[] {9}, pipe.readFully(1));
                }
                server.close().sync();
                awaitNameFree();
            }
        }

        /** 12 */
        @Test
        void aClientThatLeavesBeforeItIsAcceptedHarmsNobody() throws Exception {
            Recorder accepted = new Recorder();
            Channel server = server(accepted)
                    .option(ChannelOption.AUTO_READ, false)
                    .option(NamedPipeChannelOption.PIPE_PENDING_INSTANCES, 2)
                    .bind(address)
                    .sync()
                    .channel();
            RawPipe.connect(address).close();
            RawPipe silent = RawPipe.connect(address);
            silent.write(new byte[] {1});
            silent.close();
            server.config().setAutoRead(true);
            accepted.awaitInactive();
            accepted.awaitInactive();
            assertArrayEquals(new byte[] {1}, accepted.awaitBytes(1));
            try (RawPipe next = RawPipe.connect(address)) {
                next.write(new byte[] {2});
                assertArrayEquals(new byte[] {1, 2}, accepted.awaitBytes(2));
            }
            assertTrue(server.isActive());
        }

        /** 12, as ERROR_NO_DATA tells it: the client has left before ConnectNamedPipe. */
        @Test
        void whatAClientWroteThatLeftBeforeTheServerListenedIsRead() throws Exception {
            Recorder accepted = new Recorder();
            WindowsNamedPipeServerChannel server = (WindowsNamedPipeServerChannel) server(accepted)
                    .option(ChannelOption.AUTO_READ, false)
                    .option(NamedPipeChannelOption.PIPE_PENDING_INSTANCES, 1)
                    .bind(address)
                    .sync()
                    .channel();
            try (RawPipe first = RawPipe.connect(address)) {
                RawPipe instance = RawPipe.serve(address, Kernel32.PIPE_REJECT_REMOTE_CLIENTS, 255);
                try (RawPipe client = RawPipe.connect(address)) {
                    client.write(new byte[] {1, 2, 3});
                }
                long handle = instance.handOver();
                Callable<Integer> listen = () -> {
                    assertFalse(Kernel32.ConnectNamedPipe(handle, 0));
                    int error = Win32Error.last().code();
                    server.listener().listen(handle);
                    return error;
                };
                assertEquals(
                        Win32Error.NO_DATA, server.eventLoop().submit(listen).get());
                server.config().setAutoRead(true);
                accepted.awaitActive();
                accepted.awaitActive();
                assertArrayEquals(new byte[] {1, 2, 3}, accepted.awaitBytes(3));
                accepted.awaitInactive();
                assertTrue(accepted.failures.isEmpty(), accepted.failures::toString);
            }
        }

        /** 17, 18, 19 */
        @Test
        void closingAServerThatWaitsForClientsEndsAtOnceAndForGood() throws Exception {
            for (int i = 0; i < 50; i++) {
                Channel server = bind(new Echo());
                long start = System.nanoTime();
                server.close().sync();
                assertTrue(System.nanoTime() - start < TimeUnit.SECONDS.toNanos(5));
                assertNull(RawPipe.tryConnect(address));
                assertEquals(Win32Error.FILE_NOT_FOUND, Win32Error.last().code());
            }
        }

        /** 22 */
        @Test
        void theNameIsNeverUnknownWhileTheServerListens() throws Exception {
            server(new Echo())
                    .option(NamedPipeChannelOption.PIPE_PENDING_INSTANCES, 1)
                    .bind(address)
                    .sync();
            int connected = 0;
            for (long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(3); System.nanoTime() - end < 0; ) {
                RawPipe pipe = RawPipe.tryConnect(address);
                if (pipe != null) {
                    connected++;
                    pipe.close();
                } else {
                    assertEquals(Win32Error.PIPE_BUSY, Win32Error.last().code());
                }
            }
            assertTrue(connected > 10, "connected " + connected);
        }
    }

    @Nested
    class LimitsOfInstances {
        /** 21, 29 */
        @Test
        void clientsBeyondTheLimitWaitUntilAConnectionEndsAndAreAllServed() throws Exception {
            server(new Echo())
                    .option(NamedPipeChannelOption.PIPE_MAX_INSTANCES, 2)
                    .bind(address)
                    .sync();
            List<CompletableFuture<Integer>> answers = new ArrayList<>();
            for (int i = 0; i < 12; i++) {
                byte question = (byte) i;
                CompletableFuture<Integer> answer = new CompletableFuture<>();
                answers.add(answer);
                client(new ChannelInboundHandlerAdapter() {
                            @Override
                            public void channelActive(ChannelHandlerContext ctx) {
                                ctx.writeAndFlush(ctx.alloc().buffer().writeByte(question));
                            }

                            @Override
                            public void channelRead(ChannelHandlerContext ctx, Object msg) {
                                answer.complete((int) ((io.netty.buffer.ByteBuf) msg).readByte());
                                io.netty.util.ReferenceCountUtil.release(msg);
                                ctx.close();
                            }
                        })
                        .connect(address)
                        .addListener(f -> {
                            if (!f.isSuccess()) {
                                answer.completeExceptionally(f.cause());
                            }
                        });
            }
            for (int i = 0; i < answers.size(); i++) {
                assertEquals(i, answers.get(i).get(60, TimeUnit.SECONDS));
            }
        }

        /** 21: Windows gives an instance back once both ends' handles are closed, Wine once the server's is. */
        @Test
        void atTheLimitTheNextClientIsServedOnceTheOneBeforeHasLetGoToo() throws Exception {
            Recorder accepted = new Recorder();
            server(accepted)
                    .option(NamedPipeChannelOption.PIPE_MAX_INSTANCES, 1)
                    .bind(address)
                    .sync();
            try (RawPipe client = RawPipe.connect(address)) {
                accepted.awaitActive().close().sync();
                Thread.sleep(100);
            }
            try (RawPipe next = connectWhenItListens()) {
                next.write(new byte[] {1});
                assertArrayEquals(new byte[] {1}, accepted.awaitBytes(1));
            }
        }

        /** 21: the same as Wine shows it, where somebody else has to have the instance for a while. */
        @Test
        void atTheLimitTheServerListensAgainAlsoIfAnInstanceComesBackLate() throws Exception {
            Recorder accepted = new Recorder();
            try (RawPipe first = RawPipe.serve(address, Kernel32.PIPE_REJECT_REMOTE_CLIENTS, 2);
                    RawPipe itsClient = RawPipe.connect(address)) {
                server(accepted)
                        .option(NamedPipeChannelOption.PIPE_FIRST_INSTANCE, false)
                        .option(NamedPipeChannelOption.PIPE_MAX_INSTANCES, 2)
                        .bind(address)
                        .sync();
                RawPipe client = RawPipe.connect(address);
                Channel child = accepted.awaitActive();
                CountDownLatch taken = new CountDownLatch(1);
                boss.submit(() -> taken.await(30, TimeUnit.SECONDS));
                child.close().sync();
                client.close();
                try (RawPipe other = RawPipe.serve(address, Kernel32.PIPE_REJECT_REMOTE_CLIENTS, 2)) {
                    taken.countDown();
                    Thread.sleep(300);
                }
                try (RawPipe next = connectWhenItListens()) {
                    next.write(new byte[] {1});
                    assertArrayEquals(new byte[] {1}, accepted.awaitBytes(1));
                }
            }
        }

        private RawPipe connectWhenItListens() throws InterruptedException {
            for (long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(10);
                    System.nanoTime() < end;
                    Thread.sleep(5)) {
                RawPipe pipe = RawPipe.tryConnect(address);
                if (pipe != null) {
                    return pipe;
                }
            }
            throw new AssertionError("the server doesn't listen");
        }

        @Test
        void aServerThatCantHaveFurtherInstancesTriesOncePerSecondHoweverOftenItIsRead() throws Exception {
            AtomicInteger failures = new AtomicInteger();
            Recorder accepted = new Recorder();
            // The other process's limit, which this server knows nothing of.
            try (RawPipe first = RawPipe.serve(address, Kernel32.PIPE_REJECT_REMOTE_CLIENTS, 2);
                    RawPipe itsClient = RawPipe.connect(address)) {
                Channel server = server(accepted)
                        .option(NamedPipeChannelOption.PIPE_FIRST_INSTANCE, false)
                        .option(NamedPipeChannelOption.PIPE_PENDING_INSTANCES, 1)
                        .handler(new ChannelInboundHandlerAdapter() {
                            @Override
                            public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
                                failures.incrementAndGet();
                            }
                        })
                        .bind(address)
                        .sync()
                        .channel();
                try (RawPipe client = RawPipe.connect(address)) {
                    accepted.awaitActive();
                    for (int i = 0; i < 20; i++) {
                        server.eventLoop().submit(server::read).sync();
                    }
                    server.eventLoop().submit(() -> failures.set(0)).sync();
                    Thread.sleep(3500);
                    int tries = failures.get();
                    assertTrue(tries >= 2 && tries <= 5, "tried " + tries + " times");
                }
                try (RawPipe next = connectWhenItListens()) {
                    next.write(new byte[] {1});
                    assertArrayEquals(new byte[] {1}, accepted.awaitBytes(1));
                }
            }
        }
    }

    /** Servers that move, or share an event loop. */
    @Nested
    class EventLoops {
        @Test
        void aServerThatLeavesItsLoopAndComesBackServesThoseWhoCameMeanwhileAndLater() throws Exception {
            Channel server = bind(new Echo());
            EventLoop home = server.eventLoop();
            for (int i = 0; i < 3; i++) {
                server.deregister().sync();
                try (RawPipe meanwhile = RawPipe.connect(address)) {
                    meanwhile.write(new byte[] {1});
                    Thread.sleep(50);
                    home.register(server).sync();
                    assertArrayEquals(new byte[] {1}, meanwhile.readFully(1));
                    try (RawPipe later = RawPipe.connect(address)) {
                        later.write(new byte[] {2});
                        assertArrayEquals(new byte[] {2}, later.readFully(1));
                    }
                }
            }
        }

        @Test
        void aBoundServerCantMoveToAnotherLoop() throws Exception {
            Channel server = bind(new Echo());
            server.deregister().sync();
            Throwable cause = workers.register(server).awaitUninterruptibly().cause();
            assertInstanceOf(IOException.class, cause);
            assertTrue(cause.getMessage().contains(address.path()), cause.getMessage());
            assertFalse(server.isOpen());
            awaitNameFree();
        }

        /**
         * Listening instances of one loop share an event, and starting one resets it. A signal is lost only when a
         * client of one server comes while another server starts an instance and the thread that waits for the event is
         * between two waits: this may well not meet that, and shows that the servers don't disturb each other.
         */
        @Test
        void serversOfOneEventLoopDontSwallowEachOthersClients() throws Exception {
            NamedPipeAddress[] addresses = {address, NamedPipeAddress.of(address.name() + "-2")};
            for (NamedPipeAddress pipe : addresses) {
                server(new Echo())
                        .option(NamedPipeChannelOption.PIPE_PENDING_INSTANCES, 1)
                        .bind(pipe)
                        .sync();
            }
            List<CompletableFuture<Void>> clients = new ArrayList<>();
            for (NamedPipeAddress pipe : addresses) {
                clients.add(CompletableFuture.runAsync(() -> {
                    for (int i = 0; i < 300; i++) {
                        RawPipe client;
                        do {
                            client = RawPipe.tryConnect(pipe);
                        } while (client == null);
                        try (RawPipe connected = client) {
                            connected.write(new byte[] {1});
                            connected.readFully(1);
                        }
                    }
                }));
            }
            for (CompletableFuture<Void> client : clients) {
                client.get(100, TimeUnit.SECONDS);
            }
        }
    }
}
