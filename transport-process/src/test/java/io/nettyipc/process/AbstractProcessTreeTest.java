/* Copyright 2026 The Netty IPC Authors. Licensed under the Apache License, Version 2.0; see LICENSE. */
package io.nettyipc.process;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.netty.bootstrap.Bootstrap;
import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelOption;
import io.netty.channel.IoHandlerFactory;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Children that start others, as launchers do. */
@Timeout(120)
public abstract class AbstractProcessTreeTest {
    /** Lines of the children, and what their channels were told of. */
    private final BlockingQueue<String> output = new LinkedBlockingQueue<>();

    private MultiThreadIoEventLoopGroup group;

    protected abstract IoHandlerFactory factory();

    /**
     * A launcher that starts a program that does nothing, and tells its process.
     *
     * @param way {@code wait} for the program; {@code leave} it; leave it, and let it {@code share} its own streams
     */
    protected abstract ProcessAddress launcher(String way) throws Exception;

    @BeforeEach
    void start() {
        group = new MultiThreadIoEventLoopGroup(1, factory());
    }

    @AfterEach
    void stop() {
        assertTrue(group.shutdownGracefully(0, 10, TimeUnit.SECONDS).awaitUninterruptibly(20, TimeUnit.SECONDS));
    }

    protected final Bootstrap bootstrap() {
        return new Bootstrap()
                .group(group)
                .channel(ChildProcess.channelType())
                .option(ProcessChannelOption.PROCESS_EXIT_TIMEOUT_MILLIS, 100)
                .handler(new Lines());
    }

    protected final ProcessChannel launch(Bootstrap bootstrap, String way) throws Exception {
        return connect(bootstrap, launcher(way));
    }

    protected static ProcessChannel connect(Bootstrap bootstrap, ProcessAddress child) throws InterruptedException {
        return (ProcessChannel) bootstrap.connect(child).sync().channel();
    }

    private String line() throws InterruptedException {
        String line = output.poll(20, TimeUnit.SECONDS);
        assertTrue(line != null, "no line");
        return line;
    }

    /** Of the next line. */
    protected final ProcessHandle program() throws InterruptedException {
        return process(line());
    }

    protected static ProcessHandle process(String pid) {
        return ProcessHandle.of(Long.parseLong(pid)).orElseThrow(() -> new AssertionError(pid + " has ended"));
    }

    protected static void assertEnds(ProcessHandle program) throws Exception {
        // onExit() looks at other processes' children every few seconds only.
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
        while (runs(program)) {
            assertTrue(System.nanoTime() - deadline < 0, () -> program + " lives on");
            Thread.sleep(5);
        }
    }

    /**
     * One that has ended is there until its parent asks for its exit code, which takes a container's first process a
     * while.
     */
    private static boolean runs(ProcessHandle program) throws IOException {
        Path stat = Path.of("/proc", Long.toString(program.pid()), "stat");
        try {
            return program.isAlive()
                    && !(OS.LINUX.isCurrentOs() && Files.readString(stat).contains(") Z "));
        } catch (NoSuchFileException e) {
            return false;
        }
    }

    protected static int exitCode(ProcessChannel child) {
        assertTrue(child.exitFuture().awaitUninterruptibly(20, TimeUnit.SECONDS), "the child lives on");
        return child.exitFuture().getNow();
    }

    protected static void end(ProcessChannel child, String way) {
        switch (way) {
            case "close" -> child.close();
            case "terminate" -> child.terminate();
            case "kill" -> child.kill();
            default -> throw new IllegalArgumentException(way);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"close", "terminate", "kill"})
    void whatALauncherHasStartedEndsWithIt(String way) throws Exception {
        ProcessChannel launcher = launch(bootstrap(), "wait");
        ProcessHandle program = program();

        end(launcher, way);

        exitCode(launcher);
        assertEnds(program);
    }

    @ParameterizedTest
    @ValueSource(strings = {"close", "terminate", "kill"})
    @DisabledOnOs(value = OS.MAC, disabledReason = "nothing tells who has started a process whose parent has ended")
    void whatALauncherThatHasEndedLeavesEndsWithTheChannel(String way) throws Exception {
        ProcessChannel launcher =
                launch(bootstrap().option(ProcessChannelOption.PROCESS_DRAIN_TIMEOUT_MILLIS, -1), "leave");
        ProcessHandle program = program();
        assertEquals(0, exitCode(launcher));

        end(launcher, way);

        assertEnds(program);
    }

    @Test
    void withoutTheOptionItLivesOn() throws Exception {
        ProcessChannel launcher = launch(bootstrap().option(ProcessChannelOption.PROCESS_TREE, false), "wait");
        ProcessHandle program = program();
        try {
            launcher.close().sync();

            assertNotEquals(0, exitCode(launcher));
            assertTrue(program.isAlive());
        } finally {
            program.destroyForcibly();
        }
    }

    @Test
    void childrenOfOneProcessDoNotEndEachOther() throws Exception {
        ProcessChannel first = launch(bootstrap(), "wait");
        ProcessHandle ends = program();
        ProcessChannel second = launch(bootstrap(), "wait");
        ProcessHandle stays = program();

        first.kill();

        assertEnds(ends);
        exitCode(first);
        assertTrue(stays.isAlive() && second.process().isAlive());
        second.close();
        assertEnds(stays);
    }

    @Test
    void theExitCodeIsToldAtOnceAndTheOutputEndsSomewhatLater() throws Exception {
        ProcessChannel launcher =
                launch(bootstrap().option(ProcessChannelOption.PROCESS_DRAIN_TIMEOUT_MILLIS, 200), "share");
        ProcessHandle program = program();

        assertEquals(0, exitCode(launcher));

        assertTrue(launcher.closeFuture().await(20, TimeUnit.SECONDS));
        assertEnds(program);
    }

    @Test
    void anOutputThatOthersHaveEndsAloneWithHalfClosure() throws Exception {
        ProcessChannel launcher = launch(
                bootstrap()
                        .option(ProcessChannelOption.PROCESS_DRAIN_TIMEOUT_MILLIS, 0)
                        .option(ChannelOption.ALLOW_HALF_CLOSURE, true),
                "share");
        ProcessHandle program = program();

        assertEquals(ChannelInputShutdownEvent.class.getSimpleName(), line());
        assertTrue(launcher.isOpen());
        launcher.close().sync();
        assertEnds(program);
    }

    @Test
    void whatNobodyHasReadYetKeepsTheOutputFromEnding() throws Exception {
        ProcessChannel launcher = launch(
                bootstrap()
                        .option(ProcessChannelOption.PROCESS_DRAIN_TIMEOUT_MILLIS, 0)
                        .option(ChannelOption.AUTO_READ, false),
                "share");
        exitCode(launcher);
        // Behind the look at the pipe, which comes with the exit.
        group.next().schedule(() -> {}, 200, TimeUnit.MILLISECONDS).sync();
        assertTrue(launcher.isOpen());

        launcher.read();

        ProcessHandle program = program();
        assertTrue(launcher.closeFuture().await(20, TimeUnit.SECONDS));
        assertEnds(program);
    }

    @Test
    void standardErrorThatOthersHaveEndsLikeTheOutput() throws Exception {
        CountDownLatch closed = new CountDownLatch(1);
        ProcessChannel launcher = launch(
                bootstrap()
                        .option(ProcessChannelOption.PROCESS_DRAIN_TIMEOUT_MILLIS, 0)
                        .option(ChannelOption.ALLOW_HALF_CLOSURE, true)
                        .option(
                                ProcessChannelOption.PROCESS_STDERR,
                                ProcessStderr.channel(new ChannelInboundHandlerAdapter() {
                                    @Override
                                    public void channelInactive(ChannelHandlerContext ctx) {
                                        closed.countDown();
                                    }
                                })),
                "share");
        ProcessHandle program = program();

        assertTrue(closed.await(20, TimeUnit.SECONDS), "still open");
        launcher.close().sync();
        assertEnds(program);
    }

    /** Lines of a few bytes, which come whole. */
    private final class Lines extends SimpleChannelInboundHandler<ByteBuf> {
        @Override
        public boolean isSharable() {
            return true;
        }

        @Override
        protected void channelRead0(ChannelHandlerContext ctx, ByteBuf msg) {
            output.addAll(msg.toString(StandardCharsets.US_ASCII).lines().toList());
        }

        @Override
        public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
            if (event instanceof ChannelInputShutdownEvent) {
                output.add(event.getClass().getSimpleName());
            }
        }
    }
}
