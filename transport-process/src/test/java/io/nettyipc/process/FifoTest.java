/* Copyright 2026 The Netty IPC Authors. Licensed under the Apache License, Version 2.0; see LICENSE. */
package io.nettyipc.process;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.netty.bootstrap.Bootstrap;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.ConnectTimeoutException;
import io.netty.channel.DefaultMaxMessagesRecvByteBufAllocator;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.RecvByteBufAllocator;
import io.netty.util.IllegalReferenceCountException;
import io.netty.util.internal.PlatformDependent;
import io.nettyipc.base.testing.CountingIoHandlerFactory;
import io.nettyipc.base.testing.OpenHandles;
import io.nettyipc.pipe.PipeFixture;
import io.nettyipc.pipe.unix.UnixTransport;
import java.io.FileNotFoundException;
import java.net.BindException;
import java.net.InetSocketAddress;
import java.nio.channels.ClosedChannelException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.MessageDigest;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.MethodSource;

/** FIFOs, with shells as the other side; on an event loop with epoll and on one without. */
@DisabledOnOs(value = OS.WINDOWS, disabledReason = "Windows has no FIFOs")
@Timeout(60)
@ParameterizedClass
@MethodSource("io.nettyipc.pipe.UnixTransports#all")
class FifoTest {
    /** So much a FIFO takes that nobody reads. */
    private static final int FIFO_BYTES = 64 << 10;

    @Parameter
    UnixTransport transport;

    @TempDir
    Path directory;

    private MultiThreadIoEventLoopGroup group;
    private final BlockingQueue<String> lines = new LinkedBlockingQueue<>();
    /** Of the event loop. */
    private final AtomicInteger turns = new AtomicInteger();
    /** Attempts to read, of which a loop may make thousands in one turn. */
    private final AtomicInteger reads = new AtomicInteger();

    @BeforeEach
    void start() {
        group = new MultiThreadIoEventLoopGroup(
                1, new CountingIoHandlerFactory(transport.newIoHandlerFactory(), turns));
    }

    @AfterEach
    void stop() {
        assertTrue(group.shutdownGracefully(0, 10, TimeUnit.SECONDS).awaitUninterruptibly(20, TimeUnit.SECONDS));
    }

    private FifoAddress address() {
        return FifoAddress.of(directory.resolve("fifo").toString());
    }

    private Bootstrap bootstrap(ChannelHandler handler) {
        return new Bootstrap().group(group).channel(Fifo.channelType()).handler(handler);
    }

    private Channel reader(FifoAddress address) {
        return bootstrap(new Lines()).bind(address).syncUninterruptibly().channel();
    }

    private Channel writer(FifoAddress address) {
        return bootstrap(new ChannelInboundHandlerAdapter())
                .connect(address)
                .syncUninterruptibly()
                .channel();
    }

    private String nextLine() throws InterruptedException {
        return lines.poll(20, TimeUnit.SECONDS);
    }

    private static void shell(String script) throws Exception {
        Process shell =
                new ProcessBuilder("sh", "-c", script).redirectErrorStream(true).start();
        String output = new String(shell.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertEquals(0, shell.waitFor(), output);
    }

    private static ByteBuf text(String text) {
        return Unpooled.copiedBuffer(text, StandardCharsets.UTF_8);
    }

    private static Throwable cause(ChannelFuture future) {
        return PipeFixture.cause(future);
    }

    /** Who waits for whom, and which files will do. */
    @Nested
    class Opening {
        @Test
        void aReaderCreatesTheFifoForItsUserOnlyAndLeavesIt() throws Exception {
            Channel reader = reader(address());

            assertEquals(
                    "rw-------",
                    PosixFilePermissions.toString(
                            Files.getPosixFilePermissions(Path.of(address().path()))));

            reader.close().syncUninterruptibly();
            assertTrue(Files.exists(Path.of(address().path())));
            reader(address());
            shell("echo again > %s".formatted(address()));
            assertEquals("again", nextLine());
        }

        @Test
        void theFifoHasTheChosenPermissionsAndGroupWhenTheBindSucceeds() throws Exception {
            Object group = Files.getAttribute(directory, "unix:gid");

            Bootstrap shared = bootstrap(new Lines())
                    .option(FifoChannelOption.FIFO_PERMISSIONS, PosixFilePermissions.fromString("rw--w--w-"))
                    .option(FifoChannelOption.FIFO_GROUP, group.toString());
            shared.bind(address()).sync().channel().close().sync();

            Path fifo = Path.of(address().path());
            assertEquals("rw--w--w-", PosixFilePermissions.toString(Files.getPosixFilePermissions(fifo)));
            assertEquals(group, Files.getAttribute(fifo, "unix:gid"));
            // It is there now.
            reader(address());
            assertEquals("rw--w--w-", PosixFilePermissions.toString(Files.getPosixFilePermissions(fifo)));
        }

        @Test
        void aGroupThatThereIsNotFailsTheBindAndLeavesNoFifo() {
            Throwable cause = cause(bootstrap(new Lines())
                    .option(FifoChannelOption.FIFO_GROUP, "no-such-group")
                    .bind(address()));

            assertInstanceOf(BindException.class, cause);
            assertTrue(
                    cause.getMessage().contains("the new FIFO can't have the permissions rw-------")
                            && cause.getMessage().contains("no-such-group"),
                    cause.getMessage());
            assertFalse(Files.exists(Path.of(address().path())));
        }

        @Test
        void aReaderWhoseFifoIsRemovedIsTold() throws Exception {
            Path fifo = Path.of(address().path());
            System.setProperty("io.nettyipc.socket.checkSeconds", "1");
            try {
                bootstrap(new ChannelInboundHandlerAdapter() {
                            @Override
                            public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
                                lines.add(cause.toString());
                            }
                        })
                        .bind(address())
                        .sync();

                Files.delete(fifo);

                String told = nextLine();
                assertTrue(told != null && told.contains("the FIFO " + fifo + " of this reader was removed"), told);
            } finally {
                System.clearProperty("io.nettyipc.socket.checkSeconds");
            }
        }

        @Test
        void aNameIsAFifoInTheUsersDirectory() throws Exception {
            FifoAddress address =
                    FifoAddress.of("test-" + ProcessHandle.current().pid());
            try {
                reader(address);
                Channel writer = writer(address);

                writer.writeAndFlush(text("hello\n")).syncUninterruptibly();

                assertEquals("hello", nextLine());
                assertEquals(address, writer.remoteAddress());
                assertNull(writer.localAddress());
            } finally {
                Files.deleteIfExists(Path.of(address.path()));
            }
        }

        @Test
        void aWriterWaitsForItsReader() throws Exception {
            shell("mkfifo %s".formatted(address()));
            ChannelFuture connect =
                    bootstrap(new ChannelInboundHandlerAdapter()).connect(address());
            connect.channel()
                    .eventLoop()
                    .schedule(() -> {}, 50, TimeUnit.MILLISECONDS)
                    .syncUninterruptibly();
            assertFalse(connect.isDone());
            reader(address());

            connect.syncUninterruptibly();
            connect.channel().writeAndFlush(text("late\n")).syncUninterruptibly();

            assertEquals("late", nextLine());
        }

        @Test
        void aWriterWithoutReaderTimesOut() throws Exception {
            shell("mkfifo %s".formatted(address()));

            Throwable cause = cause(bootstrap(new ChannelInboundHandlerAdapter())
                    .option(ChannelOption.CONNECT_TIMEOUT_MILLIS, 50)
                    .connect(address()));

            assertInstanceOf(ConnectTimeoutException.class, cause);
            assertTrue(cause.getMessage().contains("nobody has read the FIFO " + address()), cause.getMessage());
        }

        @Test
        void aWaitingWriterCanBeCancelledAndClosed() throws Exception {
            shell("mkfifo %s".formatted(address()));
            ChannelFuture cancelled =
                    bootstrap(new ChannelInboundHandlerAdapter()).connect(address());
            ChannelFuture closed = bootstrap(new ChannelInboundHandlerAdapter()).connect(address());

            assertTrue(cancelled.cancel(true));
            assertTrue(cancelled.channel().closeFuture().awaitUninterruptibly(20, TimeUnit.SECONDS));
            closed.channel().close().syncUninterruptibly();

            cause(closed);
        }

        @Test
        void aMissingFifoFailsAWriterAtOnce() {
            Throwable cause =
                    cause(bootstrap(new ChannelInboundHandlerAdapter()).connect(address()));

            assertInstanceOf(FileNotFoundException.class, cause);
            assertTrue(cause.getMessage().contains("a reader creates it"), cause.getMessage());
        }

        @Test
        void anotherFileIsRefusedAndStaysAsItWas() throws Exception {
            Path file = Files.writeString(directory.resolve("fifo"), "precious");

            Throwable bind = cause(bootstrap(new Lines()).bind(address()));
            Throwable connect = cause(bootstrap(new Lines()).connect(address()));

            assertInstanceOf(BindException.class, bind);
            assertTrue(bind.getMessage().contains("is a regular file, not a FIFO"), bind.getMessage());
            assertTrue(connect.getMessage().contains("is a regular file, not a FIFO"), connect.getMessage());
            assertEquals("precious", Files.readString(file));
        }

        @Test
        void anAddressOfAnotherKindIsRefused() {
            Throwable cause = cause(bootstrap(new Lines()).bind(new InetSocketAddress(0)));

            assertInstanceOf(IllegalArgumentException.class, cause);
            assertTrue(cause.getMessage().contains("FifoAddress.of"), cause.getMessage());
        }

        @Test
        void aWaitingWriterFailsWhenItsLoopEnds() throws Exception {
            shell("mkfifo %s".formatted(address()));
            ChannelFuture connect =
                    bootstrap(new ChannelInboundHandlerAdapter()).connect(address());
            // It is waiting when the loop has done what was asked before.
            group.submit(() -> {}).syncUninterruptibly();

            group.shutdownGracefully(0, 10, TimeUnit.SECONDS).syncUninterruptibly();

            assertInstanceOf(ClosedChannelException.class, PipeFixture.cause(connect));
            assertTrue(connect.channel().closeFuture().awaitUninterruptibly(20, TimeUnit.SECONDS), "still open");
        }
    }

    @Nested
    class Transfer {
        /** What follows would be taken for the rest of it. */
        @Test
        void nothingIsSentBehindAMessageThatWasReleasedWhileAPartOfItWasSent() throws Exception {
            CompletableFuture<Integer> received = new CompletableFuture<>();
            Channel reader = bootstrap(new ChannelInboundHandlerAdapter() {
                        private int bytes;

                        @Override
                        public void channelRead(ChannelHandlerContext ctx, Object msg) {
                            ByteBuf part = (ByteBuf) msg;
                            bytes += part.readableBytes();
                            for (int i = part.readerIndex(); i < part.writerIndex(); i++) {
                                if (part.getByte(i) != 0) {
                                    received.complete(-1);
                                }
                            }
                            part.release();
                        }

                        @Override
                        public void channelReadComplete(ChannelHandlerContext ctx) {
                            if (bytes == FIFO_BYTES) {
                                received.complete(bytes);
                            }
                        }
                    })
                    .option(ChannelOption.AUTO_READ, false)
                    .bind(address())
                    .syncUninterruptibly()
                    .channel();
            Channel writer = writer(address());
            ByteBuf message = Unpooled.directBuffer().writeZero(4 * FIFO_BYTES);
            List<ChannelFuture> written = writer.eventLoop()
                    .submit(() -> {
                        ChannelFuture released = writer.writeAndFlush(message);
                        message.release();
                        return List.of(released, writer.writeAndFlush(text("behind")));
                    })
                    .get(20, TimeUnit.SECONDS);
            reader.config().setAutoRead(true);

            assertInstanceOf(IllegalReferenceCountException.class, rootCause(written.get(0)));
            cause(written.get(1));
            assertEquals(FIFO_BYTES, received.get(20, TimeUnit.SECONDS));
        }

        private static Throwable rootCause(ChannelFuture future) {
            Throwable cause = cause(future);
            while (cause.getCause() != null) {
                cause = cause.getCause();
            }
            return cause;
        }

        @Test
        void aReaderCanNotWrite() {
            Throwable cause = cause(reader(address()).writeAndFlush(text("x")));

            assertInstanceOf(UnsupportedOperationException.class, cause);
        }

        @Test
        void aReadThatThereIsNoMemoryForClosesItsChannelOnly() throws Exception {
            Failing failing = new Failing(() -> new OutOfMemoryError("as if"));
            BlockingQueue<Throwable> failures = new LinkedBlockingQueue<>();
            Channel poor = failingReader(failing, failures);
            FifoAddress others = FifoAddress.of(directory.resolve("other").toString());
            reader(others);

            shell("echo lost > %s".formatted(poor.localAddress()));

            assertInstanceOf(OutOfMemoryError.class, failures.poll(20, TimeUnit.SECONDS));
            assertTrue(poor.closeFuture().awaitUninterruptibly(20, TimeUnit.SECONDS), "still open");
            shell("echo alive > %s".formatted(others));
            assertEquals("alive", nextLine());
        }

        @Test
        void aReadThatFailsOnceIsReportedAndReadingGoesOn() throws Exception {
            Failing failing = new Failing(() -> new IllegalStateException("once"));
            BlockingQueue<Throwable> failures = new LinkedBlockingQueue<>();
            Channel reader = failingReader(failing, failures);

            shell("echo line > %s".formatted(reader.localAddress()));

            assertEquals("once", failures.poll(20, TimeUnit.SECONDS).getMessage());
            assertEquals("line", nextLine());
        }

        private Channel failingReader(RecvByteBufAllocator allocator, BlockingQueue<Throwable> failures) {
            return bootstrap(new ChannelInitializer<>() {
                        @Override
                        protected void initChannel(Channel ch) {
                            ch.pipeline().addLast(new Lines(), new ChannelInboundHandlerAdapter() {
                                @Override
                                public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
                                    failures.add(cause);
                                }
                            });
                        }
                    })
                    .option(ChannelOption.RECVBUF_ALLOCATOR, allocator)
                    .bind(address())
                    .syncUninterruptibly()
                    .channel();
        }

        @Test
        void aFloodThroughAShellArrivesWhole() throws Exception {
            byte[] block = new byte[1 << 20];
            for (int i = 0; i < block.length; i++) {
                block[i] = (byte) (i * 31 + (i >> 8));
            }
            MessageDigest sent = MessageDigest.getInstance("SHA-256");
            MessageDigest received = MessageDigest.getInstance("SHA-256");
            FifoAddress back = FifoAddress.of(directory.resolve("back").toString());
            CountDownLatch end = new CountDownLatch(1);
            Channel reader = bootstrap(new ChannelInboundHandlerAdapter() {
                        @Override
                        public void channelRead(ChannelHandlerContext ctx, Object msg) {
                            ByteBuf bytes = (ByteBuf) msg;
                            received.update(ByteBufUtil.getBytes(bytes));
                            bytes.release();
                        }

                        @Override
                        public void channelInactive(ChannelHandlerContext ctx) {
                            end.countDown();
                        }
                    })
                    .option(FifoChannelOption.FIFO_STAY, false)
                    .bind(back)
                    .syncUninterruptibly()
                    .channel();
            shell("mkfifo %s".formatted(address()));
            CompletableFuture<Void> cat = CompletableFuture.runAsync(() -> {
                try {
                    shell("cat < %s > %s".formatted(address(), back));
                } catch (Exception e) {
                    throw new IllegalStateException(e);
                }
            });
            Channel writer = writer(address());

            for (int i = 0; i < 64; i++) {
                sent.update(block);
                ChannelFuture written = writer.writeAndFlush(Unpooled.wrappedBuffer(block));
                if (i % 8 == 0) {
                    written.syncUninterruptibly();
                }
            }
            writer.writeAndFlush(Unpooled.EMPTY_BUFFER).syncUninterruptibly();
            writer.close().syncUninterruptibly();

            cat.get(40, TimeUnit.SECONDS);
            assertTrue(end.await(20, TimeUnit.SECONDS));
            assertEquals(ByteBufUtil.hexDump(sent.digest()), ByteBufUtil.hexDump(received.digest()));
            assertFalse(reader.isOpen());
        }
    }

    /** Writers and readers that go, and what is left when they have. */
    @Nested
    class Ends {
        /** 60. */
        @Test
        void aReaderOutlivesItsWriters() throws Exception {
            Channel reader = reader(address());

            for (int i = 0; i < 5; i++) {
                shell("echo line%d > %s".formatted(i, address()));
                assertEquals("line" + i, nextLine());
            }

            assertTrue(reader.isActive());
            assertEquals(address(), reader.localAddress());
            assertNull(reader.remoteAddress());
        }

        @Test
        void aReaderThatDoesNotStayWaitsForTheFirstWriterAndEndsWithTheLast() throws Exception {
            Channel reader = bootstrap(new Lines())
                    .option(FifoChannelOption.FIFO_STAY, false)
                    .bind(address())
                    .syncUninterruptibly()
                    .channel();
            // A task runs after the loop has looked at the FIFO.
            reader.eventLoop().schedule(() -> {}, 50, TimeUnit.MILLISECONDS).syncUninterruptibly();
            assertTrue(reader.isActive());

            shell("echo first > %s".formatted(address()));

            assertEquals("first", nextLine());
            assertTrue(reader.closeFuture().awaitUninterruptibly(20, TimeUnit.SECONDS));
            assertNull(lines.poll());
        }

        @Test
        void aWriterClosesWhenItsReaderGoes() {
            Channel reader = reader(address());
            Channel writer = writer(address());

            reader.close().syncUninterruptibly();

            assertTrue(writer.closeFuture().awaitUninterruptibly(20, TimeUnit.SECONDS));
            cause(writer.writeAndFlush(text("nobody")));
        }

        /** Both traps of a FIFO: end of file again and again, and a hang-up that stays. */
        @Test
        void aReaderWhoseWritersHaveGoneLetsItsLoopSleep() throws Exception {
            Channel reader = reader(address());
            Channel notReading = bootstrap(new Lines())
                    .option(FifoChannelOption.FIFO_STAY, false)
                    .option(ChannelOption.AUTO_READ, false)
                    .bind(FifoAddress.of(directory.resolve("other").toString()))
                    .syncUninterruptibly()
                    .channel();
            shell("echo gone > %s; echo unread > %s".formatted(address(), notReading.localAddress()));
            assertEquals("gone", nextLine());

            assertSleeps();

            assertTrue(reader.isActive());
            assertTrue(notReading.isActive());
            notReading.config().setAutoRead(true);
            assertEquals("unread", nextLine());
            assertTrue(notReading.closeFuture().awaitUninterruptibly(20, TimeUnit.SECONDS));
        }

        /** The hang-up that the first writer left is over when the next one opens the FIFO. */
        @Test
        void aReaderThatDoesNotStayLetsItsLoopSleepUnderTheNextWriter() throws Exception {
            Channel reader = bootstrap(new Lines())
                    .option(FifoChannelOption.FIFO_STAY, false)
                    .option(ChannelOption.AUTO_READ, false)
                    .bind(address())
                    .syncUninterruptibly()
                    .channel();
            shell("echo first > %s".formatted(address()));
            // So that the loop has heard of the hang-up.
            reader.eventLoop().schedule(() -> {}, 50, TimeUnit.MILLISECONDS).syncUninterruptibly();
            Channel writer = writer(address());
            reader.config().setAutoRead(true);
            assertEquals("first", nextLine());

            assertSleeps();

            assertTrue(reader.isActive());
            writer.writeAndFlush(text("second\n")).syncUninterruptibly();
            assertEquals("second", nextLine());
            writer.close().syncUninterruptibly();
            assertTrue(reader.closeFuture().awaitUninterruptibly(20, TimeUnit.SECONDS), "no end");
        }

        /** The loop has nothing to do, so it turns for the timer and little else. */
        private void assertSleeps() {
            int turnsBefore = turns.get();
            int readsBefore = reads.get();
            group.next().schedule(() -> {}, 500, TimeUnit.MILLISECONDS).syncUninterruptibly();
            int turned = turns.get() - turnsBefore;
            int read = reads.get() - readsBefore;
            assertTrue(turned < 50 && read < 50, turned + " turns and " + read + " reads in half a second of nothing");
        }

        @Test
        void aWriterThatWasBlockedStillSeesItsReaderGo() {
            Channel reader = bootstrap(new ChannelInboundHandlerAdapter())
                    .option(ChannelOption.AUTO_READ, false)
                    .bind(address())
                    .syncUninterruptibly()
                    .channel();
            Channel writer = writer(address());
            ChannelFuture written = writer.writeAndFlush(Unpooled.wrappedBuffer(new byte[1 << 20]));
            assertFalse(written.awaitUninterruptibly(100), "nobody reads, and all is written");
            reader.config().setAutoRead(true);
            assertTrue(written.awaitUninterruptibly(20, TimeUnit.SECONDS) && written.isSuccess());

            reader.close().syncUninterruptibly();

            assertTrue(writer.closeFuture().awaitUninterruptibly(20, TimeUnit.SECONDS), "still open");
        }

        @Test
        void closedChannelsLeaveNoDescriptor() throws Exception {
            reader(address()).close().syncUninterruptibly();
            int before = OpenHandles.count();

            for (int i = 0; i < 100; i++) {
                Channel reader = reader(address());
                Channel writer = writer(address());
                writer.close().syncUninterruptibly();
                reader.close().syncUninterruptibly();
            }

            // The loop of the test before may have closed its own meanwhile.
            assertTrue(OpenHandles.count() <= before);
            if (!OS.LINUX.isCurrentOs()) {
                return;
            }
            try (var files = Files.newDirectoryStream(Path.of("/proc/self/fd"))) {
                for (Path file : files) {
                    assertFalse(
                            Files.exists(file)
                                    && Files.isSameFile(file, Path.of(address().path())),
                            file.toString());
                }
            }
        }

        @Test
        void theChannelsCloseWhenTheirLoopEnds() {
            Channel reader = reader(address());
            Channel writer = writer(address());

            group.shutdownGracefully(0, 10, TimeUnit.SECONDS).syncUninterruptibly();

            assertFalse(reader.isOpen());
            assertFalse(writer.isOpen());
        }
    }

    /** Gives no memory the first time. */
    private static final class Failing extends DefaultMaxMessagesRecvByteBufAllocator {
        private final Supplier<Throwable> failure;

        Failing(Supplier<Throwable> failure) {
            this.failure = failure;
        }

        @Override
        public ExtendedHandle newHandle() {
            return new MaxMessageHandle() {
                private boolean failed;

                @Override
                public ByteBuf allocate(ByteBufAllocator alloc) {
                    if (!failed) {
                        failed = true;
                        PlatformDependent.throwException(failure.get());
                    }
                    return super.allocate(alloc);
                }

                @Override
                public int guess() {
                    return 1024;
                }
            };
        }
    }

    private final class Lines extends ChannelInboundHandlerAdapter {
        private final StringBuilder text = new StringBuilder();

        @Override
        public void channelReadComplete(ChannelHandlerContext ctx) {
            reads.incrementAndGet();
            ctx.fireChannelReadComplete();
        }

        @Override
        public void channelRead(ChannelHandlerContext ctx, Object msg) {
            ByteBuf bytes = (ByteBuf) msg;
            text.append(bytes.toString(StandardCharsets.UTF_8));
            bytes.release();
            for (int end = text.indexOf("\n"); end >= 0; end = text.indexOf("\n")) {
                lines.add(text.substring(0, end));
                text.delete(0, end + 1);
            }
        }
    }
}
