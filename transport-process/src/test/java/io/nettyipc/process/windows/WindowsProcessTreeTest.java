/* Copyright 2026 The Netty IPC Authors. Licensed under the Apache License, Version 2.0; see LICENSE. */
package io.nettyipc.process.windows;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.netty.bootstrap.Bootstrap;
import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelOption;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.SimpleChannelInboundHandler;
import io.nettyipc.base.testing.ChildJvm;
import io.nettyipc.base.testing.OpenHandles;
import io.nettyipc.base.testing.PeerProgram;
import io.nettyipc.process.ChildProcess;
import io.nettyipc.process.ProcessAddress;
import io.nettyipc.process.ProcessChannel;
import io.nettyipc.process.ProcessChannelOption;
import io.nettyipc.process.ProcessStderr;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Children that start others, as launchers do, on Windows. */
@EnabledOnOs(value = OS.WINDOWS, disabledReason = "Unix has its own tests")
@Timeout(120)
class WindowsProcessTreeTest {

    private final BlockingQueue<String> output = new LinkedBlockingQueue<>();
    private MultiThreadIoEventLoopGroup group;

    @BeforeEach
    void start() {
        group = new MultiThreadIoEventLoopGroup(1, ChildProcess.newIoHandlerFactory());
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
                .handler(new SimpleChannelInboundHandler<ByteBuf>() {
                    @Override
                    public boolean isSharable() {
                        return true;
                    }

                    // Lines of a few bytes, which come whole.
                    @Override
                    protected void channelRead0(ChannelHandlerContext ctx, ByteBuf msg) {
                        output.addAll(
                                msg.toString(StandardCharsets.US_ASCII).lines().toList());
                    }
                });
    }

    /** A launcher that has started a program that does nothing, and tells its process. */
    private static ProcessChannel launch(Bootstrap bootstrap, String way) throws Exception {
        return (ProcessChannel) bootstrap
                .connect(ProcessAddress.of(launcher(way).toArray(String[]::new)))
                .sync()
                .channel();
    }

    private static ChildJvm jvm(String children) throws Exception {
        List<String> arguments = new ArrayList<>(List.of(children));
        arguments.addAll(launcher("wait"));
        return new ChildJvm(TreeProgram.class, arguments.toArray(String[]::new));
    }

    private static List<String> launcher(String way) throws Exception {
        List<String> command = new ArrayList<>(PeerProgram.child("launch", way));
        command.addAll(PeerProgram.child("silent"));
        return command;
    }

    private ProcessHandle program() throws InterruptedException {
        String line = output.poll(20, TimeUnit.SECONDS);
        assertTrue(line != null, "no line");
        return process(line);
    }

    private static ProcessHandle process(String pid) {
        return ProcessHandle.of(Long.parseLong(pid)).orElseThrow(() -> new AssertionError(pid + " has ended"));
    }

    private static void assertEnds(ProcessHandle program) throws Exception {
        assertSoon(() -> !program.isAlive(), program + " lives on");
    }

    private static void assertSoon(Callable<Boolean> condition, String otherwise) throws Exception {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
        while (!condition.call()) {
            assertTrue(System.nanoTime() - deadline < 0, otherwise);
            Thread.sleep(5);
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
    @CsvSource({"wait, close", "wait, terminate", "wait, kill", "break-away, close", "break-away, kill"})
    void whatALauncherHasStartedEndsWithIt(String launched, String way) throws Exception {
        ProcessChannel launcher = launch(bootstrap(), launched);
        ProcessHandle program = program();

        end(launcher, way);

        assertEquals(1, exitCode(launcher));
        assertEnds(program);
    }

    @ParameterizedTest
    @ValueSource(strings = {"close", "terminate", "kill"})
    void whatALauncherThatHasEndedLeavesEndsWithTheChannel(String way) throws Exception {
        ProcessChannel launcher = launch(bootstrap(), "leave");
        ProcessHandle program = program();
        assertEquals(0, exitCode(launcher));

        end(launcher, way);

        assertEnds(program);
    }

    @ParameterizedTest
    @ValueSource(strings = {"wait", "leave", "break-away"})
    void withoutTheOptionItLivesOn(String launched) throws Exception {
        ProcessChannel launcher = launch(bootstrap().option(ProcessChannelOption.PROCESS_TREE, false), launched);
        ProcessHandle program = program();
        try {
            launcher.close().sync();

            assertEquals(launched.equals("leave") ? 0 : 1, exitCode(launcher));
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

    /** The jobs of the inner JVM's children are in the job that it is in. */
    @ParameterizedTest
    @ValueSource(strings = {"exits", "killed", "its parent kills it"})
    void whatAJvmsChildrenHaveStartedEndsWithTheJvm(String way) throws Exception {
        try (ChildJvm program = jvm(way.equals("its parent kills it") ? "nested" : "tree")) {
            List<ProcessHandle> processes = new ArrayList<>();
            for (String pid : program.answer().split(" ", -1)) {
                processes.add(process(pid));
            }
            assertEquals(way.equals("its parent kills it") ? 3 : 2, processes.size());

            if (way.equals("killed")) {
                program.kill();
            } else {
                program.tell(way.equals("exits") ? "exit" : "kill");
            }

            for (ProcessHandle process : processes) {
                assertEnds(process);
            }
        }
    }

    @Test
    void withoutTheOptionAJvmThatIsKilledEndsItsChildrenOnly() throws Exception {
        try (ChildJvm program = jvm("child")) {
            String[] pids = program.answer().split(" ", -1);
            ProcessHandle launcher = process(pids[0]);
            ProcessHandle started = process(pids[1]);
            try {
                program.kill();

                assertEnds(launcher);
                assertTrue(started.isAlive());
            } finally {
                started.destroyForcibly();
            }
        }
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

        assertSoon(launcher::isInputShutdown, "the output doesn't end");

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

    @Test
    void noJobIsLeft() throws Exception {
        int before = OpenHandles.jobs();

        for (String launched : new String[] {"wait", "leave"}) {
            for (boolean tree : new boolean[] {true, false}) {
                ProcessChannel launcher = launch(bootstrap().option(ProcessChannelOption.PROCESS_TREE, tree), launched);
                ProcessHandle program = program();
                launcher.kill();
                exitCode(launcher);
                launcher.close().sync();
                if (!tree) {
                    program.destroyForcibly();
                }
                assertEnds(program);
            }
        }

        assertSoon(() -> OpenHandles.jobs() <= before, "jobs are open");
    }
}
