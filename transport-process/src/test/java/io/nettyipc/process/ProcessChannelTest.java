/* Copyright 2026 The Netty IPC Authors. Licensed under the Apache License, Version 2.0; see LICENSE. */
package io.nettyipc.process;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.netty.bootstrap.Bootstrap;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.buffer.UnpooledByteBufAllocator;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.ChannelPipelineException;
import io.netty.channel.DefaultFileRegion;
import io.netty.channel.FixedRecvByteBufAllocator;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.RecvByteBufAllocator;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.channel.socket.ChannelOutputShutdownEvent;
import io.netty.util.ReferenceCountUtil;
import io.nettyipc.base.testing.ChildJvm;
import io.nettyipc.base.testing.CountingIoHandlerFactory;
import io.nettyipc.base.testing.OpenHandles;
import io.nettyipc.base.testing.TestSize;
import io.nettyipc.pipe.PipeFixture;
import io.nettyipc.pipe.unix.UnixTransport;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.NotYetConnectedException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.MethodSource;

/** Children that are programs of the platform; on an event loop with epoll and on one without. */
@DisabledOnOs(value = OS.WINDOWS, disabledReason = "the programs are Unix's")
@Timeout(120)
@ParameterizedClass
@MethodSource("io.nettyipc.pipe.UnixTransports#all")
class ProcessChannelTest {
    @Parameter
    UnixTransport transport;

    @TempDir
    Path directory;

    private MultiThreadIoEventLoopGroup group;

    @BeforeEach
    void start() {
        group = new MultiThreadIoEventLoopGroup(1, transport.newIoHandlerFactory());
    }

    @AfterEach
    void stop() {
        assertTrue(group.shutdownGracefully(0, 10, TimeUnit.SECONDS).awaitUninterruptibly(20, TimeUnit.SECONDS));
    }

    private Bootstrap bootstrap(ChannelHandler handler) {
        return new Bootstrap().group(group).channel(ChildProcess.channelType()).handler(handler);
    }

    private ProcessChannel start(ChannelHandler handler, String... command) {
        return connect(bootstrap(handler), command);
    }

    private static ProcessChannel connect(Bootstrap bootstrap, String... command) {
        return (ProcessChannel) bootstrap
                .connect(ProcessAddress.of(command))
                .syncUninterruptibly()
                .channel();
    }

    private static ByteBuf text(String text) {
        return Unpooled.copiedBuffer(text, StandardCharsets.UTF_8);
    }

    private static int exitCode(ProcessChannel child) {
        assertTrue(child.exitFuture().awaitUninterruptibly(20, TimeUnit.SECONDS), "the child lives on");
        return child.exitFuture().getNow();
    }

    private static void assertCloses(Channel channel) {
        assertTrue(channel.closeFuture().awaitUninterruptibly(20, TimeUnit.SECONDS), "still open");
    }

    @Nested
    class Starting {
        /** 60. */
        @Test
        @EnabledOnOs(value = OS.LINUX, disabledReason = "environments are text elsewhere")
        void variablesThatNobodyHasSetKeepTheirBytes() throws Exception {
            Process program = new ProcessBuilder(
                            "sh",
                            "-c",
                            "RAW=$(printf '\\374\\377') exec \"$@\"",
                            "sh",
                            Path.of(System.getProperty("java.home"), "bin", "java")
                                    .toString(),
                            "-cp",
                            System.getProperty("java.class.path"),
                            ChildProgram.class.getName(),
                            "environment")
                    .redirectError(ProcessBuilder.Redirect.INHERIT)
                    .start();

            String output = new String(program.getInputStream().readAllBytes(), StandardCharsets.US_ASCII);

            assertEquals("fc ff 0a, set: 1, home:", output.trim());
        }

        @Test
        void directoryAndEnvironmentAreTheBuilders() throws Exception {
            ProcessBuilder builder =
                    new ProcessBuilder("sh", "-c", "pwd -P; echo $ANSWER").directory(directory.toFile());
            builder.environment().put("ANSWER", "42");
            Text text = new Text();

            Channel child = bootstrap(text)
                    .connect(ProcessAddress.of(builder))
                    .syncUninterruptibly()
                    .channel();

            assertCloses(child);
            assertEquals(directory.toRealPath() + "\n42\n", text.all());
        }

        @Test
        void aMissingProgramFailsTheConnect() {
            ChannelFuture connect = bootstrap(new Text()).connect(ProcessAddress.of("nettyipc-no-such-program"));

            Throwable cause = PipeFixture.cause(connect);

            assertInstanceOf(IOException.class, cause);
            assertTrue(
                    cause.getMessage().startsWith("process nettyipc-no-such-program can't be started"),
                    cause.toString());
            assertSame(
                    cause,
                    ((ProcessChannel) connect.channel())
                            .exitFuture()
                            .awaitUninterruptibly()
                            .cause());
            assertCloses(connect.channel());
        }

        @Test
        void anAddressOfAnotherKindAndAnEmptyCommandAreRefused() {
            Throwable cause = PipeFixture.cause(bootstrap(new Text()).connect(new InetSocketAddress(1)));

            assertTrue(cause.getMessage().contains("ProcessAddress.of"), cause.toString());
            assertThrows(IllegalArgumentException.class, ProcessAddress::of);
            ProcessChannel none = (ProcessChannel)
                    bootstrap(new Text()).register().syncUninterruptibly().channel();
            assertThrows(NotYetConnectedException.class, none::process);
            assertThrows(NotYetConnectedException.class, none::kill);
            none.close().syncUninterruptibly();
        }

        @Test
        void aHandlerOfStandardErrorThatCannotBeAddedFailsTheConnectAndEndsTheChild() throws Exception {
            Bootstrap bootstrap = bootstrap(new ChannelInitializer<>() {
                        @Override
                        protected void initChannel(Channel ch) {}
                    })
                    .option(ProcessChannelOption.PROCESS_EXIT_TIMEOUT_MILLIS, 0)
                    // Not sharable: good for one child.
                    .option(ProcessChannelOption.PROCESS_STDERR, ProcessStderr.channel(new Text()));
            assertCloses(connect(bootstrap, "true"));
            int before = OpenHandles.count();

            ChannelFuture second = bootstrap.connect(ProcessAddress.of("sleep", "1000"));

            assertTrue(second.awaitUninterruptibly(20, TimeUnit.SECONDS), "the connect doesn't end");
            assertInstanceOf(ChannelPipelineException.class, second.cause());
            assertCloses(second.channel());
            exitCode((ProcessChannel) second.channel());
            // The loop still closes what it has taken over.
            group.next().submit(() -> {}).sync();
            assertTrue(OpenHandles.count() <= before, "descriptors: " + before + " before, now " + OpenHandles.count());
        }

        @Test
        void aConnectEndsWithItsLoopAlsoWhileTheChildIsStarted() throws Exception {
            ProcessChannel child = (ProcessChannel) bootstrap(new Text())
                    .option(ProcessChannelOption.PROCESS_EXIT_TIMEOUT_MILLIS, 0)
                    .register()
                    .syncUninterruptibly()
                    .channel();

            // The loop ends right after this, which is sooner than a process can start.
            ChannelFuture connect = child.eventLoop()
                    .submit(() -> {
                        ChannelFuture connecting = child.connect(ProcessAddress.of("cat"));
                        group.shutdownGracefully(0, 10, TimeUnit.SECONDS);
                        return connecting;
                    })
                    .get();

            assertInstanceOf(ClosedChannelException.class, PipeFixture.cause(connect));
            assertCloses(child);
            assertTrue(child.exitFuture().awaitUninterruptibly(20, TimeUnit.SECONDS), "the child lives on");
        }

        @Test
        void closingBeforeTheChildIsStartedLeavesNone() {
            for (int i = 0; i < 20; i++) {
                ChannelFuture connect = bootstrap(new Text())
                        .option(ProcessChannelOption.PROCESS_EXIT_TIMEOUT_MILLIS, 0)
                        .connect(ProcessAddress.of("cat"));
                connect.channel().close().syncUninterruptibly();
                connect.awaitUninterruptibly(20, TimeUnit.SECONDS);
                assertTrue(
                        ((ProcessChannel) connect.channel()).exitFuture().awaitUninterruptibly(20, TimeUnit.SECONDS));
            }
        }

        /** 60. Else the first one's input would stay open in the second. See {@link CloseOnExecTest}. */
        @EnabledOnOs(value = OS.LINUX, disabledReason = "it looks into /proc")
        @Test
        void noDescriptorLeaksIntoOtherChildren() throws Exception {
            Text text = new Text();
            ProcessChannel first = start(new Text(), "cat");
            ProcessChannel second = start(text, "sh", "-c", "ls /proc/self/fd; exec cat");
            text.await("2\n");

            first.shutdownOutput().syncUninterruptibly();

            assertEquals(0, exitCode(first));
            // ls has one for the directory that it lists.
            assertEquals("0\n1\n2\n3\n", text.all());
            second.close().syncUninterruptibly();
        }

        /** 30, with -Dnettyipc.full 1,000. */
        @Test
        void manyChildrenLeaveNoDescriptorAndNoProcess() throws Exception {
            assertCloses(start(new Text(), "echo", "first"));
            long processes = ProcessHandle.current().children().count();
            int handles = OpenHandles.count();

            for (int i = 0; i < TestSize.of(30, 1000); i++) {
                Text text = new Text();
                ProcessChannel child = start(text, "echo", "child " + i);
                assertCloses(child);
                assertEquals("child " + i + "\n", text.all());
                assertEquals(0, exitCode(child));
            }

            // The loop of the test before may have closed its own meanwhile.
            assertTrue(OpenHandles.count() <= handles);
            assertTrue(ProcessHandle.current().children().count() <= processes);
        }
    }

    /** What is written to the child and read from it. */
    @Nested
    class Transfer {
        @Test
        void whatIsWrittenComesBackFromCatWhichEndsWithItsInput() throws Exception {
            Text text = new Text();
            ProcessChannel cat = start(text, "cat");

            cat.writeAndFlush(text("hello")).syncUninterruptibly();
            text.await("hello");
            cat.shutdownOutput().syncUninterruptibly();

            assertEquals(0, exitCode(cat));
            assertCloses(cat);
            assertEquals("hello", text.all());
            assertEquals("process cat", cat.remoteAddress().toString());
            assertNull(cat.localAddress());
        }

        @Test
        void aChildThatNeverReadsMakesTheChannelUnwritableAndNothingElse() throws Exception {
            Text text = new Text();
            ProcessChannel child = start(text, "sh", "-c", "echo deaf; exec sleep 1000");
            text.await("deaf");
            ChannelFuture stuck = child.writeAndFlush(Unpooled.wrappedBuffer(new byte[1 << 20]));
            assertFalse(stuck.awaitUninterruptibly(100));
            // Asked behind the write, on the loop.
            assertFalse(child.eventLoop().submit(child::isWritable).get());

            // The loop goes on.
            Text other = new Text();
            assertCloses(start(other, "echo", "alive"));
            assertEquals("alive\n", other.all());

            child.kill();
            assertInstanceOf(IOException.class, PipeFixture.cause(stuck));
        }

        @Test
        void aChildThatFloodsItsOutputLeavesTheLoopTimeToLookAtOtherChannels() throws Exception {
            int reads = 1000;
            AtomicInteger turns = new AtomicInteger();
            CompletableFuture<Integer> turnsOfReads = new CompletableFuture<>();
            MultiThreadIoEventLoopGroup counted = new MultiThreadIoEventLoopGroup(
                    1, new CountingIoHandlerFactory(transport.newIoHandlerFactory(), turns));
            ProcessChannel child = (ProcessChannel) new Bootstrap()
                    .group(counted)
                    .channel(ChildProcess.channelType())
                    // Less than the child writes meanwhile, so that there is always more.
                    .option(ChannelOption.RECVBUF_ALLOCATOR, new FixedRecvByteBufAllocator(16))
                    .handler(new ChannelInboundHandlerAdapter() {
                        private int begin;
                        private int count;

                        @Override
                        public void channelRead(ChannelHandlerContext ctx, Object msg) {
                            ReferenceCountUtil.release(msg);
                        }

                        @Override
                        public void channelReadComplete(ChannelHandlerContext ctx) {
                            if (count == 0) {
                                begin = turns.get();
                            } else if (count == reads) {
                                turnsOfReads.complete(turns.get() - begin);
                            }
                            count++;
                        }
                    })
                    .connect(ProcessAddress.of("cat", "/dev/zero"))
                    .sync()
                    .channel();

            int count = turnsOfReads.get(20, TimeUnit.SECONDS);

            assertTrue(count >= reads, reads + " reads in " + count + " turns of the loop");
            child.kill();
            assertCloses(child);
            counted.shutdownGracefully(0, 10, TimeUnit.SECONDS).sync();
        }

        @Test
        void withAutoReadOffTheChildWaitsAndNothingIsLost() throws Exception {
            Count bytes = new Count();
            ProcessChannel child = connect(
                    bootstrap(bytes).option(ChannelOption.AUTO_READ, false), "head", "-c", "1000000", "/dev/zero");
            assertFalse(child.exitFuture().awaitUninterruptibly(100), "it should wait for its reader");

            child.config().setAutoRead(true);

            assertEquals(0, exitCode(child));
            bytes.awaitTotal(1000000);
            assertCloses(child);
        }

        /** 32 MiB, 1 GiB with -Dnettyipc.full. */
        @Test
        void catGivesBackEveryByteInOrder() throws Exception {
            transfer("cat");
        }

        @Test
        void aNodeScriptGivesBackEveryByteInOrder() throws Exception {
            assumeTrue(isInstalled("node", "--version"), "Node is not installed");
            transfer("node", "-e", "process.stdin.pipe(process.stdout)");
        }

        @Test
        void sha256sumHashesWhatItIsSentAsJavaDoes() throws Exception {
            Text text = new Text();
            ProcessChannel child =
                    OS.LINUX.isCurrentOs() ? start(text, "sha256sum") : start(text, "shasum", "-a", "256");
            String sent = send(child);

            assertEquals(0, exitCode(child));
            assertCloses(child);
            assertEquals(sent, text.all().substring(0, 64));
        }

        @Test
        void aFileIsWrittenAsARegion() throws Exception {
            byte[] content = new byte[1_000_003];
            new Random(5).nextBytes(content);
            Path file = Files.write(directory.resolve("file"), content);
            Text text = new Text();
            Path copy = directory.resolve("copy");
            ProcessChannel child = start(text, "sh", "-c", "cat >'" + copy + "'");

            child.writeAndFlush(new DefaultFileRegion(file.toFile(), 0, content.length))
                    .syncUninterruptibly();
            child.shutdownOutput().syncUninterruptibly();

            assertCloses(child);
            assertArrayEquals(content, Files.readAllBytes(copy));
        }

        private static boolean isInstalled(String... command) throws InterruptedException {
            try {
                return new ProcessBuilder(command)
                                .redirectErrorStream(true)
                                .start()
                                .waitFor()
                        == 0;
            } catch (IOException e) {
                return false;
            }
        }

        private void transfer(String... command) throws Exception {
            MessageDigest received = MessageDigest.getInstance("SHA-256");
            ProcessChannel child = start(
                    new ChannelInboundHandlerAdapter() {
                        @Override
                        public void channelRead(ChannelHandlerContext ctx, Object msg) {
                            ByteBuf bytes = (ByteBuf) msg;
                            received.update(bytes.nioBuffer());
                            bytes.release();
                        }
                    },
                    command);
            String sent = send(child);

            assertEquals(0, exitCode(child));
            assertCloses(child);
            assertEquals(sent, ByteBufUtil.hexDump(received.digest()));
        }

        /** Sends much and the end; returns the hash of it. */
        private static String send(ProcessChannel child) throws Exception {
            byte[] block = new byte[1 << 20];
            Random random = new Random(7);
            MessageDigest sent = MessageDigest.getInstance("SHA-256");
            ChannelFuture last = child.newSucceededFuture();
            for (int i = 0; i < TestSize.of(32, 1024); i++) {
                random.nextBytes(block);
                sent.update(block);
                last.syncUninterruptibly();
                last = child.writeAndFlush(Unpooled.copiedBuffer(block));
            }
            last.syncUninterruptibly();
            child.shutdownOutput().syncUninterruptibly();
            return ByteBufUtil.hexDump(sent.digest());
        }
    }

    @Nested
    class StandardError {
        @Test
        void standardErrorIsAChannelOfItsOwn() throws Exception {
            Text out = new Text();
            Text err = new Text();
            CountDownLatch errorEnd = new CountDownLatch(1);
            BlockingQueue<Channel> parents = new LinkedBlockingQueue<>();
            ProcessChannel child = connect(
                    bootstrap(out)
                            .option(
                                    ProcessChannelOption.PROCESS_STDERR,
                                    ProcessStderr.channel(new ChannelInitializer<>() {
                                        @Override
                                        protected void initChannel(Channel ch) {
                                            parents.add(ch.parent());
                                            ch.closeFuture().addListener(closed -> errorEnd.countDown());
                                            ch.pipeline().addLast(err);
                                        }
                                    })),
                    "sh",
                    "-c",
                    "echo good; echo bad >&2");

            assertCloses(child);
            assertTrue(errorEnd.await(20, TimeUnit.SECONDS));
            assertEquals("good\n", out.all());
            assertEquals("bad\n", err.all());
            assertSame(child, parents.poll());
        }

        @Test
        void theChannelOfStandardErrorHasItsParentsAllocators() throws Exception {
            ByteBufAllocator buffers = new UnpooledByteBufAllocator(true);
            RecvByteBufAllocator sizes = new FixedRecvByteBufAllocator(3);
            BlockingQueue<Channel> errors = new LinkedBlockingQueue<>();
            ProcessChannel child = connect(
                    bootstrap(new Text())
                            .option(ChannelOption.ALLOCATOR, buffers)
                            .option(ChannelOption.RECVBUF_ALLOCATOR, sizes)
                            .option(
                                    ProcessChannelOption.PROCESS_STDERR,
                                    ProcessStderr.channel(new ChannelInitializer<>() {
                                        @Override
                                        protected void initChannel(Channel ch) {
                                            errors.add(ch);
                                        }
                                    })),
                    "true");

            Channel error = errors.poll(20, TimeUnit.SECONDS);
            assertSame(buffers, error.alloc());
            assertSame(sizes, error.config().getRecvByteBufAllocator());
            assertTrue(child.config().setOption(ChannelOption.TCP_NODELAY, true));
            assertCloses(child);
        }

        @Test
        void standardErrorCanBeMergedAndDiscarded() {
            String script = "echo one; echo two >&2; echo three";
            Text merged = new Text();
            Text discarded = new Text();

            assertCloses(connect(
                    bootstrap(merged).option(ProcessChannelOption.PROCESS_STDERR, ProcessStderr.MERGE),
                    "sh",
                    "-c",
                    script));
            assertCloses(connect(
                    bootstrap(discarded).option(ProcessChannelOption.PROCESS_STDERR, ProcessStderr.DISCARD),
                    "sh",
                    "-c",
                    script));

            assertEquals("one\ntwo\nthree\n", merged.all());
            assertEquals("one\nthree\n", discarded.all());
        }

        @Test
        void aChildThatFloodsStandardErrorIsNotStalled() {
            Text out = new Text();
            Count errors = new Count();
            ProcessChannel child = connect(
                    bootstrap(out).option(ProcessChannelOption.PROCESS_STDERR, ProcessStderr.channel(errors)),
                    "sh",
                    "-c",
                    "head -c 16777216 /dev/zero >&2; echo done");

            assertCloses(child);
            assertEquals("done\n", out.all());
            errors.awaitTotal(16777216);
        }
    }

    /** Of the child, of its streams, and of the channel. */
    @Nested
    class Ends {
        @Test
        void theExitIsToldWhileTheCommonPoolIsBusyAndNoThreadKeepsTheJvm() throws Exception {
            try (ChildJvm program = new ChildJvm(
                    ChildProgram.class,
                    jar -> true,
                    Map.of("JAVA_TOOL_OPTIONS", "-Djava.util.concurrent.ForkJoinPool.common.parallelism=3"),
                    "exit")) {
                assertEquals("exit code 0", program.answer());
                assertEquals("threads that keep the JVM: [main]", program.answer());
            }
        }

        @Test
        void theExitCodeIsTheChildsOwn() {
            assertEquals(7, exitCode(start(new Text(), "sh", "-c", "exit 7")));
        }

        @Test
        void aSilentChildIsLeftAloneAndAskedToEndWhenTheChannelCloses() {
            ProcessChannel child = connect(
                    bootstrap(new Text()).option(ProcessChannelOption.PROCESS_EXIT_TIMEOUT_MILLIS, 100),
                    "sleep",
                    "1000");
            assertTrue(child.process().isAlive());

            child.close().syncUninterruptibly();

            int sigterm = 15;
            assertEquals(128 + sigterm, exitCode(child));
        }

        @Test
        void aChildThatIgnoresTheRequestIsKilled() throws Exception {
            Text text = new Text();
            ProcessChannel child = connect(
                    bootstrap(text).option(ProcessChannelOption.PROCESS_EXIT_TIMEOUT_MILLIS, 100),
                    "sh",
                    "-c",
                    "trap '' TERM; echo ready; while :; do read x; done");
            text.await("ready");
            long begin = System.nanoTime();

            assertSame(child.exitFuture(), child.terminate());

            int sigkill = 9;
            assertEquals(128 + sigkill, exitCode(child));
            assertTrue(System.nanoTime() - begin < TimeUnit.SECONDS.toNanos(10));
        }

        @Test
        void aChildCanBeKilledAtOnce() {
            ProcessChannel child = start(new Text(), "sleep", "1000");

            child.kill();

            assertEquals(128 + 9, exitCode(child));
            assertCloses(child);
        }

        @Test
        void aChildIsTerminatedAlsoWhenTheLoopEnds() {
            ProcessChannel child = connect(
                    bootstrap(new Text()).option(ProcessChannelOption.PROCESS_EXIT_TIMEOUT_MILLIS, 100),
                    "sleep",
                    "1000");

            group.shutdownGracefully(0, 10, TimeUnit.SECONDS).syncUninterruptibly();

            assertEquals(128 + 15, exitCode(child));
            assertFalse(child.isOpen());
        }

        @Test
        void aChildThatClosesItsInputCanStillBeRead() throws Exception {
            Text text = new Text();
            ProcessChannel child = start(text, "sh", "-c", "exec <&-; echo closed; sleep 0.2; echo more");
            text.await("closed");

            assertNotNull(text.events.poll(20, TimeUnit.SECONDS), "no event of the closed input");
            assertTrue(child.isOutputShutdown());
            Throwable cause = PipeFixture.cause(child.writeAndFlush(text("anybody?")));

            assertInstanceOf(IOException.class, cause);
            assertCloses(child);
            assertEquals("closed\nmore\n", text.all());
        }

        @Test
        void aChildThatClosesItsOutputCanStillBeWrittenTo() throws Exception {
            Text text = new Text();
            Path file = directory.resolve("input");
            ProcessChannel child = connect(
                    bootstrap(text).option(ChannelOption.ALLOW_HALF_CLOSURE, true),
                    "sh",
                    "-c",
                    "exec >&-; cat >'" + file + "' 2>/dev/null || { read line; echo \"$line\" >'" + file + "'; }");

            assertEquals(ChannelInputShutdownEvent.INSTANCE, text.events.poll(20, TimeUnit.SECONDS));
            child.writeAndFlush(text("late\n")).syncUninterruptibly();
            child.shutdownOutput().syncUninterruptibly();

            exitCode(child);
            assertEquals("late\n", Files.readString(file));
            assertCloses(child);
        }
    }

    /** Collects what the child writes. */
    private static final class Text extends ChannelInboundHandlerAdapter {
        final BlockingQueue<Object> events = new LinkedBlockingQueue<>();
        private final StringBuilder text = new StringBuilder();

        @Override
        public void channelRead(ChannelHandlerContext ctx, Object msg) {
            synchronized (text) {
                text.append(((ByteBuf) msg).toString(StandardCharsets.UTF_8));
                text.notifyAll();
            }
            ReferenceCountUtil.release(msg);
        }

        @Override
        public void userEventTriggered(ChannelHandlerContext ctx, Object evt) {
            if (evt == ChannelInputShutdownEvent.INSTANCE || evt == ChannelOutputShutdownEvent.INSTANCE) {
                events.add(evt);
            }
        }

        void await(String part) throws InterruptedException {
            long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
            synchronized (text) {
                while (text.indexOf(part) < 0) {
                    assertTrue(System.nanoTime() < deadline, () -> "only: " + text);
                    text.wait(1000);
                }
            }
        }

        String all() {
            synchronized (text) {
                return text.toString();
            }
        }
    }

    private static final class Count extends ChannelInboundHandlerAdapter {
        private long total;

        @Override
        public synchronized void channelRead(ChannelHandlerContext ctx, Object msg) {
            total += ((ByteBuf) msg).readableBytes();
            ReferenceCountUtil.release(msg);
            notifyAll();
        }

        synchronized void awaitTotal(long expected) {
            long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
            try {
                while (total < expected && System.nanoTime() < deadline) {
                    wait(1000);
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
            assertEquals(expected, total);
        }
    }
}
