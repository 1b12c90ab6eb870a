/* Copyright 2026 The Netty IPC Authors. Licensed under the Apache License, Version 2.0; see LICENSE. */
package io.nettyipc.pipe.windows;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.netty.bootstrap.Bootstrap;
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
import io.netty.channel.ChannelPipelineException;
import io.netty.channel.ChannelPromise;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.util.concurrent.Future;
import io.nettyipc.pipe.ChildProcess;
import io.nettyipc.pipe.NamedPipe;
import io.nettyipc.pipe.ProcessAddress;
import io.nettyipc.pipe.ProcessChannel;
import io.nettyipc.pipe.ProcessChannelOption;
import io.nettyipc.pipe.ProcessStderr;
import io.nettyipc.pipe.testing.OpenHandles;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.List;
import java.util.Random;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

/** Children on Windows; 60. */
@EnabledOnOs(value = OS.WINDOWS, disabledReason = "Unix has its own tests")
@Timeout(180)
class WindowsProcessChannelTest {
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

    @Test
    void everyByteComesBackInOrderAndTheChildEndsWithItsInput() throws Exception {
        byte[] block = new byte[256 * 1024];
        Random random = new Random(3);
        MessageDigest sent = MessageDigest.getInstance("SHA-256");
        Bytes bytes = new Bytes();
        ProcessChannel child = connect(bootstrap(bytes), cat());

        ChannelFuture last = child.newSucceededFuture();
        for (int i = 0; i < 32; i++) {
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

        assertEquals(0, exitCode(child));
        assertCloses(child);
        assertEquals(
                ByteBufUtil.hexDump(sent.digest()),
                ByteBufUtil.hexDump(MessageDigest.getInstance("SHA-256").digest(bytes.all())));
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

    private static ByteBuf text(String text) {
        return Unpooled.copiedBuffer(text, StandardCharsets.US_ASCII);
    }

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
    void theExitCodeIsTheChildsOwn() {
        assertEquals(7, exitCode(connect(bootstrap(new Bytes()), "cmd", "/c", "exit", "7")));
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
    void standardErrorIsAChannelOfItsOwnThatDrainsAFlood() throws Exception {
        Bytes out = new Bytes();
        Bytes err = new Bytes();
        BlockingQueue<Channel> errorChannels = new LinkedBlockingQueue<>();
        ProcessChannel child = connect(
                bootstrap(out)
                        .option(ProcessChannelOption.PROCESS_STDERR, ProcessStderr.channel(new ChannelInitializer<>() {
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

    @Test
    void manyChildrenLeaveNoHandle() throws Exception {
        int children = Boolean.getBoolean("nettyipc.full") ? 1000 : 10;
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

    /** Collects what the child writes, and what becomes of its streams. */
    private static final class Bytes extends ChannelInboundHandlerAdapter {
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
