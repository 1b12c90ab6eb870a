/* Copyright 2026 The Netty IPC Authors. Licensed under the Apache License, Version 2.0; see LICENSE. */
package io.nettyipc.process.windows;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.netty.bootstrap.Bootstrap;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.ChannelPipelineException;
import io.netty.channel.ChannelPromise;
import io.netty.channel.DefaultFileRegion;
import io.netty.channel.FixedRecvByteBufAllocator;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.RecvByteBufAllocator;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.channel.socket.ChannelOutputShutdownEvent;
import io.netty.util.concurrent.Future;
import io.nettyipc.base.testing.OpenHandles;
import io.nettyipc.base.testing.PeerProgram;
import io.nettyipc.base.testing.TestSize;
import io.nettyipc.pipe.NamedPipe;
import io.nettyipc.process.ChildProcess;
import io.nettyipc.process.ProcessAddress;
import io.nettyipc.process.ProcessChannel;
import io.nettyipc.process.ProcessChannelOption;
import io.nettyipc.process.ProcessStderr;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.channels.ClosedChannelException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CancellationException;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** Children on Windows; 60. */
@EnabledOnOs(value = OS.WINDOWS, disabledReason = "Unix has its own tests")
@Timeout(180)
class WindowsProcessChannelTest {

    @TempDir
    Path directory;

    private MultiThreadIoEventLoopGroup group;

    @BeforeEach
    void start() {
        group = new MultiThreadIoEventLoopGroup(1, NamedPipe.newIoHandlerFactory());
    }

    @AfterEach
    void stop() {
        assertTrue(group.shutdownGracefully(0, 10, TimeUnit.SECONDS).awaitUninterruptibly(20, TimeUnit.SECONDS));
    }

    private Bootstrap bootstrap(ChannelHandler handler) {
        return bootstrap(group, handler);
    }

    private static Bootstrap bootstrap(MultiThreadIoEventLoopGroup group, ChannelHandler handler) {
        return new Bootstrap().group(group).channel(ChildProcess.channelType()).handler(handler);
    }

    private static ProcessChannel connect(Bootstrap bootstrap, String... command) {
        return connect(bootstrap, ProcessAddress.of(command));
    }

    private static ProcessChannel connect(Bootstrap bootstrap, ProcessAddress program) {
        return (ProcessChannel) bootstrap.connect(program).syncUninterruptibly().channel();
    }

    private static ProcessAddress cat(String... arguments) {
        ProcessBuilder builder = new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx64m",
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                CatProgram.class.getName());
        builder.command().addAll(List.of(arguments));
        // The command line is too short for it.
        builder.environment().put("CLASSPATH", System.getProperty("java.class.path"));
        return ProcessAddress.of(builder);
    }

    private static int exitCode(ProcessChannel child) {
        assertTrue(child.exitFuture().awaitUninterruptibly(60, TimeUnit.SECONDS), "the child lives on");
        return child.exitFuture().getNow();
    }

    private static void assertCloses(Channel channel) {
        assertTrue(channel.closeFuture().awaitUninterruptibly(60, TimeUnit.SECONDS), "still open");
    }

    private static ProcessAddress peer(String... arguments) throws Exception {
        return ProcessAddress.of(PeerProgram.child(arguments).toArray(String[]::new));
    }

    private static ByteBuf text(String text) {
        return Unpooled.copiedBuffer(text, StandardCharsets.US_ASCII);
    }

    @Test
    void aLoopOfAnotherKindIsRefusedSayingWhichOneIsNeeded() {
        MultiThreadIoEventLoopGroup nio = new MultiThreadIoEventLoopGroup(1, NioIoHandler.newFactory());
        try {
            ChannelFuture connect =
                    bootstrap(nio, new ChannelInboundHandlerAdapter()).connect(cat());
            assertTrue(connect.awaitUninterruptibly(20, TimeUnit.SECONDS));
            assertEquals(
                    "WindowsProcessChannel needs an event loop of"
                            + " new MultiThreadIoEventLoopGroup(ChildProcess.newIoHandlerFactory()), and was"
                            + " registered with a SingleThreadIoEventLoop that serves NIO only",
                    connect.cause().getMessage());
        } finally {
            nio.shutdownGracefully(0, 10, TimeUnit.SECONDS);
        }
    }

    @Nested
    class Starting {
        @Test
        void aHandlerOfStandardErrorThatCantBeAddedFailsTheConnectAndEndsTheChild() throws Exception {
            Bootstrap bootstrap = bootstrap(new ChannelInitializer<>() {
                        @Override
                        protected void initChannel(Channel ch) {}
                    })
                    .option(ProcessChannelOption.PROCESS_EXIT_TIMEOUT_MILLIS, 0)
                    // Not sharable: good for one child.
                    .option(ProcessChannelOption.PROCESS_STDERR, ProcessStderr.channel(new Bytes()));
            ProcessChannel first = connect(bootstrap, "cmd", "/c", "exit", "0");
            assertEquals(0, exitCode(first));
            assertCloses(first);
            int before = OpenHandles.count();

            ChannelFuture second = bootstrap.connect(ProcessAddress.of("ping", "-n", "1000", "127.0.0.1"));

            assertTrue(second.awaitUninterruptibly(20, TimeUnit.SECONDS), "the connect doesn't end");
            assertInstanceOf(ChannelPipelineException.class, second.cause());
            assertCloses(second.channel());
            exitCode((ProcessChannel) second.channel());
            assertTrue(OpenHandles.count() <= before, "handles: " + before + " before, now " + OpenHandles.count());
        }

        @Test
        void anEventLoopThatEndsWhileAChildStartsFailsTheConnectAndEndsTheChild() {
            for (int i = 0; i < 10; i++) {
                MultiThreadIoEventLoopGroup shortLived =
                        new MultiThreadIoEventLoopGroup(1, NamedPipe.newIoHandlerFactory());
                ChannelFuture connect = bootstrap(shortLived, new Bytes())
                        .option(ProcessChannelOption.PROCESS_EXIT_TIMEOUT_MILLIS, 0)
                        .connect(ProcessAddress.of("ping", "-n", "1000", "127.0.0.1"));
                // Registered, so that the connect is under way.
                connect.channel().eventLoop().submit(() -> {}).syncUninterruptibly();

                shortLived.shutdownGracefully(0, 10, TimeUnit.SECONDS).syncUninterruptibly();

                assertTrue(connect.awaitUninterruptibly(20, TimeUnit.SECONDS), "the connect doesn't end");
                assertCloses(connect.channel());
                Future<Integer> exit = ((ProcessChannel) connect.channel()).exitFuture();
                assertTrue(exit.awaitUninterruptibly(20, TimeUnit.SECONDS), "the child lives on");
            }
        }

        @Test
        void optionsOfSocketsAreTakenWithoutAWord() {
            ProcessChannel child = connect(bootstrap(new Bytes()), "cmd", "/c", "exit", "0");

            assertTrue(child.config().setOption(ChannelOption.TCP_NODELAY, true));
            assertTrue(child.config().setOption(ChannelOption.SO_KEEPALIVE, true));
            assertFalse(child.config().setOption(ChannelOption.IP_MULTICAST_TTL, 1));

            assertEquals(0, exitCode(child));
        }

        @Test
        void aMissingProgramFailsTheConnect() {
            ChannelFuture connect = bootstrap(new Bytes())
                    .connect(ProcessAddress.of("nettyipc-no-such-program"))
                    .awaitUninterruptibly();

            assertInstanceOf(IOException.class, connect.cause());
            assertTrue(
                    connect.cause().getMessage().contains("can't be started"),
                    connect.cause().toString());
            assertSame(
                    connect.cause(),
                    ((ProcessChannel) connect.channel())
                            .exitFuture()
                            .awaitUninterruptibly()
                            .cause());
            assertCloses(connect.channel());
        }

        @Test
        void closingOrCancellingBeforeTheChildIsStartedLeavesNoneAndNoHandle() throws Exception {
            assertEquals(0, exitCode(connect(bootstrap(new Bytes()), "cmd", "/c", "echo first")));
            int before = OpenHandles.count();

            for (int i = 0; i < 20; i++) {
                ChannelFuture connect = bootstrap(new Bytes())
                        .option(ProcessChannelOption.PROCESS_EXIT_TIMEOUT_MILLIS, 0)
                        .connect(peer("silent"));
                if (i % 2 == 0) {
                    connect.channel().close();
                } else {
                    connect.cancel(false);
                }

                assertTrue(connect.awaitUninterruptibly(20, TimeUnit.SECONDS), "the connect doesn't end");
                if (!connect.isSuccess()) {
                    Class<?> expected = i % 2 == 0 ? ClosedChannelException.class : CancellationException.class;
                    assertInstanceOf(expected, connect.cause());
                }
                assertCloses(connect.channel());
                Future<Integer> exit = ((ProcessChannel) connect.channel()).exitFuture();
                assertTrue(exit.awaitUninterruptibly(20, TimeUnit.SECONDS), "the child lives on");
            }

            assertTrue(OpenHandles.count() <= before + 2, "handles: " + before + " before, now " + OpenHandles.count());
        }

        @Test
        void directoryAndEnvironmentAreTheBuilders() throws Exception {
            // Not the test's own, which can't be deleted at once: a child has its directory open.
            Path elsewhere = directory.getParent();
            ProcessBuilder builder =
                    new ProcessBuilder(PeerProgram.child("where", "ANSWER")).directory(elsewhere.toFile());
            builder.environment().put("ANSWER", "42");
            Bytes bytes = new Bytes();

            assertCloses(connect(bootstrap(bytes), ProcessAddress.of(builder)));

            String[] lines = bytes.text().split("\n", -1);
            assertEquals(elsewhere.toRealPath(), Path.of(lines[0]).toRealPath());
            assertEquals("42", lines[1]);
        }

        @Test
        void noHandleLeaksIntoOtherChildren() {
            ProcessChannel first = connect(bootstrap(new Bytes()), cat());
            ProcessChannel second = connect(bootstrap(new Bytes()), cat());

            // If the second had a handle of it, the first's input would not end.
            first.shutdownOutput().syncUninterruptibly();

            assertEquals(0, exitCode(first));
            assertCloses(first);
            assertTrue(second.process().isAlive());
            second.shutdownOutput().syncUninterruptibly();
            assertEquals(0, exitCode(second));
        }

        /** 30, with -Dnettyipc.full 1,000. */
        @Test
        void manyChildrenLeaveNoHandle() throws Exception {
            int children = TestSize.of(30, 1000);
            assertEquals(0, exitCode(connect(bootstrap(new Bytes()), "cmd", "/c", "echo first")));
            int before = OpenHandles.count();

            for (int i = 0; i < children; i++) {
                Bytes bytes = new Bytes();
                ProcessChannel child = connect(bootstrap(bytes), "cmd", "/c", "echo child" + i);
                assertCloses(child);
                assertEquals("child" + i + "\r\n", bytes.text());
                assertEquals(0, exitCode(child));
            }

            assertTrue(OpenHandles.count() <= before + 2, "handles: " + before + " before, now " + OpenHandles.count());
        }
    }

    /** What is written to the child and read from it. */
    @Nested
    class Transfer {
        /** 32 MiB, 1 GiB with -Dnettyipc.full. */
        @Test
        void everyByteComesBackInOrderAndTheChildEndsWithItsInput() throws Exception {
            transfer(peer("cat"));
        }

        @Test
        void everyByteComesBackFromNodeToo() throws Exception {
            String node = System.getProperty("nettyipc.node");
            assumeTrue(node != null, "the system property nettyipc.node doesn't say where Node is");
            transfer(ProcessAddress.of(node, "-e", "process.stdin.pipe(process.stdout)"));
        }

        private void transfer(ProcessAddress program) throws Exception {
            byte[] block = new byte[1024 * 1024];
            Random random = new Random(3);
            MessageDigest sent = MessageDigest.getInstance("SHA-256");
            MessageDigest received = MessageDigest.getInstance("SHA-256");
            ProcessChannel child = connect(
                    bootstrap(new ChannelInboundHandlerAdapter() {
                        @Override
                        public void channelRead(ChannelHandlerContext ctx, Object msg) {
                            received.update(((ByteBuf) msg).nioBuffer());
                            ((ByteBuf) msg).release();
                        }
                    }),
                    program);

            ChannelFuture last = child.newSucceededFuture();
            for (int i = 0; i < TestSize.of(32, 1024); i++) {
                random.nextBytes(block);
                sent.update(block);
                last.syncUninterruptibly();
                // Small and large ones, heap and direct.
                child.write(Unpooled.copiedBuffer(block, 0, 10));
                child.write(Unpooled.directBuffer(100).writeBytes(block, 10, 100));
                last = child.writeAndFlush(Unpooled.copiedBuffer(block, 110, block.length - 110));
            }
            last.syncUninterruptibly();
            child.shutdownOutput().syncUninterruptibly();

            assertTrue(child.exitFuture().awaitUninterruptibly(120, TimeUnit.SECONDS), "the child lives on");
            assertEquals(0, child.exitFuture().getNow());
            assertCloses(child);
            assertEquals(ByteBufUtil.hexDump(sent.digest()), ByteBufUtil.hexDump(received.digest()));
        }

        @Test
        void writesThatWereCancelledBeforeTheFlushLeaveTheOthersOnceEach() throws Exception {
            Bytes bytes = new Bytes();
            ProcessChannel child = connect(bootstrap(bytes), cat());

            child.eventLoop()
                    .submit(() -> {
                        cancelledWrite(child);
                        child.write(text("one "));
                        cancelledWrite(child);
                        cancelledWrite(child);
                        child.write(Unpooled.EMPTY_BUFFER);
                        child.write(text("two "));
                        child.write(text("three "));
                        cancelledWrite(child);
                        child.flush();
                    })
                    .sync();
            ChannelFuture last = child.writeAndFlush(text("four"));
            assertTrue(last.awaitUninterruptibly(20, TimeUnit.SECONDS), "the last write doesn't end");
            child.shutdownOutput().syncUninterruptibly();

            assertCloses(child);
            assertEquals("one two three four", bytes.text());
        }

        private static void cancelledWrite(Channel channel) {
            ChannelPromise promise = channel.newPromise();
            channel.write(text("cancelled "), promise);
            promise.cancel(false);
        }

        @Test
        void aChildThatNeverReadsMakesTheChannelUnwritableAndNothingElse() throws Exception {
            Bytes bytes = new Bytes();
            ProcessChannel child = connect(bootstrap(bytes), peer("deaf"));
            bytes.await("deaf");
            ChannelFuture stuck = child.writeAndFlush(Unpooled.wrappedBuffer(new byte[1 << 20]));
            assertFalse(stuck.awaitUninterruptibly(200), "nobody reads it");
            // Asked behind the write, on the loop.
            assertFalse(child.eventLoop().submit(child::isWritable).get());

            // The loop goes on.
            Bytes other = new Bytes();
            assertCloses(connect(bootstrap(other), "cmd", "/c", "echo alive"));
            assertEquals("alive\r\n", other.text());

            child.kill();
            assertTrue(stuck.awaitUninterruptibly(20, TimeUnit.SECONDS), "the write doesn't end");
            assertInstanceOf(IOException.class, stuck.cause());
            assertCloses(child);
        }

        @Test
        void aFileIsWrittenAsARegion() throws Exception {
            byte[] content = new byte[1_000_003];
            new Random(5).nextBytes(content);
            Path file = Files.write(directory.resolve("file"), content);
            Bytes bytes = new Bytes();
            ProcessChannel child = connect(bootstrap(bytes), peer("cat"));

            child.write(text("<"));
            child.write(new DefaultFileRegion(file.toFile(), 0, content.length));
            child.writeAndFlush(text(">")).syncUninterruptibly();
            child.shutdownOutput().syncUninterruptibly();

            assertCloses(child);
            byte[] all = bytes.all();
            assertEquals(content.length + 2, all.length);
            assertEquals('<', all[0]);
            assertArrayEquals(content, Arrays.copyOfRange(all, 1, all.length - 1));
            assertEquals('>', all[all.length - 1]);
        }

        @Test
        void withAutoReadOffTheChildWaitsAndNothingIsLost() {
            Bytes bytes = new Bytes();
            ProcessChannel child = connect(bootstrap(bytes).option(ChannelOption.AUTO_READ, false), cat());
            ChannelFuture written = child.writeAndFlush(Unpooled.wrappedBuffer(new byte[2_000_000]));
            assertFalse(written.awaitUninterruptibly(500), "it should wait for its reader");

            child.config().setAutoRead(true);

            written.syncUninterruptibly();
            child.shutdownOutput().syncUninterruptibly();
            assertEquals(0, exitCode(child));
            assertCloses(child);
            assertEquals(2_000_000, bytes.all().length);
        }
    }

    @Nested
    class StandardError {
        @Test
        void standardErrorIsAChannelOfItsOwnThatDrainsAFlood() throws Exception {
            Bytes out = new Bytes();
            Bytes err = new Bytes();
            BlockingQueue<Channel> errorChannels = new LinkedBlockingQueue<>();
            ProcessChannel child = connect(
                    bootstrap(out)
                            .option(
                                    ProcessChannelOption.PROCESS_STDERR,
                                    ProcessStderr.channel(new ChannelInitializer<>() {
                                        @Override
                                        protected void initChannel(Channel ch) {
                                            ch.pipeline().addLast(err);
                                            errorChannels.add(ch);
                                        }
                                    })),
                    cat("1000000"));
            child.writeAndFlush(text("done")).syncUninterruptibly();
            child.shutdownOutput().syncUninterruptibly();

            assertCloses(child);
            Channel errorChannel = errorChannels.take();
            assertSame(child, errorChannel.parent());
            assertCloses(errorChannel);
            assertEquals("done", out.text());
            // The JVM may have something to say there too.
            assertTrue(err.all().length >= 1000000, () -> "only " + err.all().length);
        }

        @Test
        void standardErrorCanBeMerged() {
            Bytes merged = new Bytes();
            assertCloses(connect(
                    bootstrap(merged).option(ProcessChannelOption.PROCESS_STDERR, ProcessStderr.MERGE),
                    "cmd",
                    "/c",
                    "echo one& echo two>&2"));

            assertEquals("one\r\ntwo\r\n", merged.text());
        }

        @Test
        void aChildThatFloodsStandardErrorIsNotStalled() throws Exception {
            for (ProcessStderr stderr :
                    new ProcessStderr[] {ProcessStderr.DISCARD, ProcessStderr.channel(new Bytes())}) {
                Bytes out = new Bytes();
                ProcessChannel child = connect(
                        bootstrap(out).option(ProcessChannelOption.PROCESS_STDERR, stderr), peer("flood", "16777216"));

                assertEquals(0, exitCode(child));
                assertCloses(child);
                assertEquals("done", out.text());
                if (stderr.handler() != null) {
                    assertEquals(16777216, ((Bytes) stderr.handler()).all().length);
                }
            }
        }

        @Test
        void standardErrorCanBeDiscarded() {
            Bytes discarded = new Bytes();
            assertCloses(connect(
                    bootstrap(discarded).option(ProcessChannelOption.PROCESS_STDERR, ProcessStderr.DISCARD),
                    "cmd",
                    "/c",
                    "echo one& echo two>&2"));

            assertEquals("one\r\n", discarded.text());
        }

        @Test
        void standardErrorHasTheAllocatorsOfTheChannel() throws Exception {
            RecvByteBufAllocator sizes = new FixedRecvByteBufAllocator(3);
            BlockingQueue<Channel> errors = new LinkedBlockingQueue<>();
            connect(
                    bootstrap(new Bytes())
                            .option(ChannelOption.RECVBUF_ALLOCATOR, sizes)
                            .option(
                                    ProcessChannelOption.PROCESS_STDERR,
                                    ProcessStderr.channel(new ChannelInitializer<>() {
                                        @Override
                                        protected void initChannel(Channel ch) {
                                            errors.add(ch);
                                        }
                                    })),
                    "cmd",
                    "/c",
                    "exit 0");

            assertSame(sizes, errors.poll(20, TimeUnit.SECONDS).config().getRecvByteBufAllocator());
        }
    }

    /** Of the child, of its streams, and of the channel. */
    @Nested
    class Ends {
        @Test
        void theExitCodeIsTheChildsOwn() {
            assertEquals(7, exitCode(connect(bootstrap(new Bytes()), "cmd", "/c", "exit", "7")));
        }

        @Test
        void aSilentChildEndsInBoundedTimeAfterTheChannel() {
            ProcessChannel child = connect(
                    bootstrap(new Bytes()).option(ProcessChannelOption.PROCESS_EXIT_TIMEOUT_MILLIS, 100),
                    "ping",
                    "-n",
                    "1000",
                    "127.0.0.1");

            child.close().syncUninterruptibly();

            exitCode(child);
            assertFalse(child.process().isAlive());
        }

        @Test
        void aSilentChildIsKilledOrTerminatedAtOnce() throws Exception {
            for (boolean kill : new boolean[] {true, false}) {
                ProcessChannel child = connect(bootstrap(new Bytes()), peer("silent"));
                assertTrue(child.process().isAlive());
                assertFalse(child.exitFuture().awaitUninterruptibly(200), "it should be left alone");
                long begin = System.nanoTime();

                assertSame(child.exitFuture(), kill ? child.kill() : child.terminate());

                // What the JDK kills with.
                assertEquals(1, exitCode(child));
                assertCloses(child);
                assertTrue(System.nanoTime() - begin < TimeUnit.SECONDS.toNanos(5));
            }
        }

        @Test
        void aChildIsEndedAlsoWhenTheLoopEnds() throws Exception {
            ProcessChannel child = connect(
                    bootstrap(new Bytes()).option(ProcessChannelOption.PROCESS_EXIT_TIMEOUT_MILLIS, 100),
                    peer("silent"));

            group.shutdownGracefully(0, 10, TimeUnit.SECONDS).syncUninterruptibly();

            assertFalse(child.isOpen());
            assertEquals(1, exitCode(child));
        }

        @Test
        void aChildThatClosesItsInputCanStillBeRead() throws Exception {
            Bytes bytes = new Bytes();
            ProcessChannel child = connect(bootstrap(bytes), peer("close-input"));
            bytes.await("closed");

            assertEquals(ChannelOutputShutdownEvent.INSTANCE, bytes.event());
            assertTrue(child.isOutputShutdown());
            ChannelFuture write = child.writeAndFlush(text("anybody?")).awaitUninterruptibly();

            assertInstanceOf(IOException.class, write.cause());
            assertTrue(child.isActive());
            assertEquals(0, exitCode(child));
            assertCloses(child);
            assertEquals("closed\nmore\n", bytes.text());
        }

        @Test
        void aChildThatClosesItsOutputCanStillBeWrittenTo() throws Exception {
            Bytes bytes = new Bytes();
            Path file = directory.resolve("input");
            ProcessChannel child = connect(
                    bootstrap(bytes).option(ChannelOption.ALLOW_HALF_CLOSURE, true),
                    peer("close-output", file.toString()));

            assertEquals(ChannelInputShutdownEvent.INSTANCE, bytes.event());
            assertTrue(child.isInputShutdown());
            child.writeAndFlush(text("late")).syncUninterruptibly();
            child.shutdownOutput().syncUninterruptibly();

            assertEquals(0, exitCode(child));
            assertEquals("late", Files.readString(file));
            assertCloses(child);
        }

        @Test
        void whoClosesInTheListenerOfHisWriteLosesNothing() throws Exception {
            for (int size : new int[] {1, 8193, 100_003, 1_000_003}) {
                for (int messages : new int[] {1, 7, 100}) {
                    Path file = directory.resolve("input" + size + '-' + messages);
                    ProcessChannel child = connect(
                            bootstrap(new Bytes()).option(ChannelOption.ALLOW_HALF_CLOSURE, true),
                            peer("close-output", file.toString()));
                    int length = Math.max(1, size / messages);

                    child.eventLoop().execute(() -> {
                        for (int i = 1; i < messages; i++) {
                            child.write(Unpooled.directBuffer(length).writeZero(length));
                        }
                        child.writeAndFlush(
                                Unpooled.buffer(length).writeZero(length),
                                child.newPromise().addListener(ChannelFutureListener.CLOSE));
                    });

                    assertCloses(child);
                    assertEquals(0, exitCode(child));
                    assertEquals((long) messages * length, Files.size(file));
                }
            }
        }

        @Test
        void withoutHalfClosureTheEndOfTheOutputClosesTheChannel() throws Exception {
            ProcessChannel child = connect(
                    bootstrap(new Bytes()),
                    peer("close-output", directory.resolve("input").toString()));

            assertCloses(child);
            assertEquals(0, exitCode(child));
        }

        @Test
        void closingDoesntWaitForAChildThatNeverReads() throws Exception {
            ProcessChannel child = connect(
                    bootstrap(new Bytes()).option(ProcessChannelOption.PROCESS_EXIT_TIMEOUT_MILLIS, 100), peer("deaf"));
            ChannelFuture stuck = child.writeAndFlush(Unpooled.wrappedBuffer(new byte[1 << 20]));

            assertTrue(child.close().awaitUninterruptibly(20, TimeUnit.SECONDS), "still open");

            assertTrue(stuck.awaitUninterruptibly(20, TimeUnit.SECONDS), "the write doesn't end");
            assertInstanceOf(IOException.class, stuck.cause());
            assertEquals(1, exitCode(child));
        }
    }

    /** Collects what the child writes, and what becomes of its streams. */
    private static final class Bytes extends ChannelInboundHandlerAdapter {
        final BlockingQueue<Object> events = new LinkedBlockingQueue<>();
        private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();

        @Override
        public void channelRead(ChannelHandlerContext ctx, Object msg) throws IOException {
            ByteBuf buf = (ByteBuf) msg;
            try {
                synchronized (bytes) {
                    buf.readBytes(bytes, buf.readableBytes());
                    bytes.notifyAll();
                }
            } finally {
                buf.release();
            }
        }

        @Override
        public void userEventTriggered(ChannelHandlerContext ctx, Object evt) {
            if (evt == ChannelInputShutdownEvent.INSTANCE || evt == ChannelOutputShutdownEvent.INSTANCE) {
                events.add(evt);
            }
        }

        Object event() throws InterruptedException {
            return events.poll(20, TimeUnit.SECONDS);
        }

        void await(String text) throws InterruptedException {
            long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
            synchronized (bytes) {
                while (!text().contains(text)) {
                    assertTrue(System.nanoTime() < deadline, () -> "only: " + text());
                    bytes.wait(1000);
                }
            }
        }

        byte[] all() {
            synchronized (bytes) {
                return bytes.toByteArray();
            }
        }

        String text() {
            return new String(all(), StandardCharsets.US_ASCII);
        }
    }
}
