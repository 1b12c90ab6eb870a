/* Copyright 2026 The Netty IPC Authors. Licensed under the Apache License, Version 2.0; see LICENSE. */
package io.nettyipc.process;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.netty.bootstrap.Bootstrap;
import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOption;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.nettyipc.base.testing.ChildJvm;
import io.nettyipc.base.testing.SystemCommand;
import io.nettyipc.pipe.unix.UnixTransport;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Children that start others, as launchers do. */
@DisabledOnOs(value = OS.WINDOWS, disabledReason = "the programs are Unix's")
@Timeout(120)
@ParameterizedClass
@MethodSource("io.nettyipc.pipe.UnixTransports#all")
class ProcessTreeTest {
    /** A launcher that waits for the program that it has started, and tells its process. */
    private static final String LAUNCHER = "sleep 600 </dev/null >/dev/null & echo $!; wait";

    /** A launcher that ends. */
    private static final String GONE = "sleep 600 </dev/null >/dev/null & echo $!";

    @Parameter
    UnixTransport transport;

    private final BlockingQueue<String> output = new LinkedBlockingQueue<>();
    private MultiThreadIoEventLoopGroup group;

    @BeforeEach
    void start() {
        group = new MultiThreadIoEventLoopGroup(1, transport.newIoHandlerFactory());
    }

    @AfterEach
    void stop() {
        assertTrue(group.shutdownGracefully(0, 10, TimeUnit.SECONDS).awaitUninterruptibly(20, TimeUnit.SECONDS));
    }

    private Bootstrap bootstrap() {
        return new Bootstrap()
                .group(group)
                .channel(ChildProcess.channelType())
                .option(ProcessChannelOption.PROCESS_EXIT_TIMEOUT_MILLIS, 100)
                .handler(new Lines());
    }

    private static ProcessChannel connect(Bootstrap bootstrap, String script) {
        return (ProcessChannel) bootstrap
                .connect(ProcessAddress.of("sh", "-c", script))
                .syncUninterruptibly()
                .channel();
    }

    private String line() throws InterruptedException {
        String line = output.poll(20, TimeUnit.SECONDS);
        assertTrue(line != null, "no line");
        return line;
    }

    private ProcessHandle program() throws InterruptedException {
        return process(line());
    }

    private static ProcessHandle process(String pid) {
        return ProcessHandle.of(Long.parseLong(pid)).orElseThrow(() -> new AssertionError(pid + " has ended"));
    }

    private static void assertEnds(ProcessHandle program) throws Exception {
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

    private static int exitCode(ProcessChannel child) {
        assertTrue(child.exitFuture().awaitUninterruptibly(20, TimeUnit.SECONDS), "the child lives on");
        return child.exitFuture().getNow();
    }

    private static void end(ProcessChannel child, String way) {
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
        ProcessChannel launcher = connect(bootstrap(), LAUNCHER);
        ProcessHandle program = program();

        end(launcher, way);

        exitCode(launcher);
        assertEnds(program);
    }

    @ParameterizedTest
    @ValueSource(strings = {"close", "terminate", "kill"})
    @EnabledOnOs(
            value = OS.LINUX,
            disabledReason = "elsewhere nothing tells who has started a process whose parent has ended")
    void whatALauncherThatHasEndedLeavesEndsWithTheChannel(String way) throws Exception {
        ProcessChannel launcher =
                connect(bootstrap().option(ProcessChannelOption.PROCESS_DRAIN_TIMEOUT_MILLIS, -1), GONE);
        ProcessHandle program = program();
        assertEquals(0, exitCode(launcher));
        assertTrue(program.isAlive());

        end(launcher, way);

        assertEnds(program);
    }

    @Test
    void whatIgnoresTheRequestIsKilled() throws Exception {
        ProcessChannel launcher =
                connect(bootstrap(), "sh -c 'trap \"\" TERM; echo $$; while :; do sleep 1; done' </dev/null & wait");
        ProcessHandle program = program();

        launcher.close();

        assertEnds(program);
    }

    @Test
    void whatAnEnvironmentWithoutTheMarkHidesIsFoundAsADescendant() throws Exception {
        ProcessChannel launcher = connect(bootstrap(), "env -i sleep 600 </dev/null >/dev/null & echo $!; wait");
        ProcessHandle program = program();

        launcher.terminate();

        assertEnds(program);
    }

    @Test
    void withoutTheOptionItLivesOn() throws Exception {
        ProcessChannel launcher = connect(bootstrap().option(ProcessChannelOption.PROCESS_TREE, false), LAUNCHER);
        ProcessHandle program = program();
        try {
            launcher.close().sync();

            assertEquals(128 + 15, exitCode(launcher));
            assertTrue(program.isAlive());
        } finally {
            program.destroyForcibly();
        }
    }

    @Test
    void childrenOfOneProcessDoNotEndEachOther() throws Exception {
        ProcessChannel first = connect(bootstrap(), LAUNCHER);
        ProcessHandle ends = program();
        ProcessChannel second = connect(bootstrap(), LAUNCHER);
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
        ProcessChannel child = connect(
                bootstrap().option(ProcessChannelOption.PROCESS_DRAIN_TIMEOUT_MILLIS, 200),
                "sleep 600 & echo $!; exit 3");
        ProcessHandle program = program();

        assertEquals(3, exitCode(child));

        assertTrue(child.closeFuture().await(20, TimeUnit.SECONDS));
        assertEnds(program);
    }

    @Test
    void anOutputThatOthersHaveEndsAloneWithHalfClosure() throws Exception {
        ProcessChannel child = connect(
                bootstrap()
                        .option(ProcessChannelOption.PROCESS_DRAIN_TIMEOUT_MILLIS, 0)
                        .option(ChannelOption.ALLOW_HALF_CLOSURE, true),
                // Both directions are kept: the end of both would close the channel.
                "exec 3<&0; sleep 600 <&3 & echo $!");
        program();

        assertEquals(ChannelInputShutdownEvent.INSTANCE.getClass().getSimpleName(), line());
        assertTrue(child.isOpen());
        child.close().sync();
    }

    @Test
    void whatNobodyHasReadYetKeepsTheOutputFromEnding() throws Exception {
        ProcessChannel child = connect(
                bootstrap()
                        .option(ProcessChannelOption.PROCESS_DRAIN_TIMEOUT_MILLIS, 0)
                        .option(ChannelOption.AUTO_READ, false),
                "sleep 600 & echo $!");
        exitCode(child);
        // Behind the look at the pipe, which comes with the exit.
        group.next().schedule(() -> {}, 200, TimeUnit.MILLISECONDS).sync();
        assertTrue(child.isOpen());

        child.read();

        ProcessHandle program = program();
        assertTrue(child.closeFuture().await(20, TimeUnit.SECONDS));
        assertEnds(program);
    }

    @Test
    void standardErrorEndsLikeTheOutput() throws Exception {
        BlockingQueue<Channel> closed = new LinkedBlockingQueue<>();
        ProcessChannel child = connect(
                bootstrap()
                        .option(ProcessChannelOption.PROCESS_DRAIN_TIMEOUT_MILLIS, 0)
                        .option(
                                ProcessChannelOption.PROCESS_STDERR,
                                ProcessStderr.channel(new SimpleChannelInboundHandler<ByteBuf>() {
                                    @Override
                                    protected void channelRead0(ChannelHandlerContext ctx, ByteBuf msg) {
                                        output.add(msg.toString(StandardCharsets.US_ASCII)
                                                .trim());
                                    }

                                    @Override
                                    public void channelInactive(ChannelHandlerContext ctx) {
                                        closed.add(ctx.channel());
                                    }
                                })),
                "sleep 600 >/dev/null & echo $! >&2");

        ProcessHandle program = program();
        assertTrue(closed.poll(20, TimeUnit.SECONDS) != null, "still open");
        child.close();
        assertEnds(program);
    }

    @ParameterizedTest
    @ValueSource(strings = {"exit", "exit on the loop", "exit in a listener", "SIGTERM"})
    void childrenAndWhatTheyHaveStartedEndWithTheJvm(String way) throws Exception {
        try (ChildJvm program = new ChildJvm(ChildProgram.class, jar -> true, Map.of(), "end", way)) {
            List<ProcessHandle> processes = List.of(
                    process(program.answer()),
                    process(program.answer()),
                    process(program.answer()),
                    process(program.answer()));
            if (way.equals("SIGTERM")) {
                ProcessHandle.of(program.processId()).orElseThrow().destroy();
            } else {
                program.tell("end");
            }

            for (ProcessHandle process : processes) {
                assertEnds(process);
            }
        }
    }

    @Test
    void aJvmThatIsKilledEndsItsChildrensInput() throws Exception {
        try (ChildJvm program = new ChildJvm(ChildProgram.class, jar -> true, Map.of(), "end", "SIGKILL")) {
            List<ProcessHandle> others =
                    List.of(process(program.answer()), process(program.answer()), process(program.answer()));
            ProcessHandle cat = process(program.answer());
            // The launcher tells its program's id itself: not before that.
            others.forEach(ProcessHandle::destroyForcibly);
            assertFalse(cat.onExit().isDone());

            program.kill();

            assertEnds(cat);
        }
    }

    /** As where a sandbox doesn't let processes be listed. */
    @Test
    @EnabledOnOs(value = OS.LINUX, disabledReason = "strace is Linux's")
    void aChildEndsWithItsChannelAlsoWhereProcessesCannotBeListed() throws Exception {
        String strace = "strace -D -f -qq -o /dev/null -P /proc -e trace=openat -e inject=openat:error=EACCES";
        List<String> sandbox = List.of(strace.split(" ", -1));
        assumeTrue(SystemCommand.worksBefore(sandbox), "strace is missing, or may not trace");
        try (ChildJvm program = new ChildJvm(sandbox, ChildProgram.class, jar -> true, Map.of(), "close")) {
            assertEquals("ended", program.answer());
        }
    }

    /** Lines of a few bytes, which come whole. */
    private final class Lines extends SimpleChannelInboundHandler<ByteBuf> {
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
