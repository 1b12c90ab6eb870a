/* Copyright 2026 The Netty IPC Authors. Licensed under the Apache License, Version 2.0; see LICENSE. */
package io.nettyipc.process.windows;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.netty.channel.IoHandlerFactory;
import io.nettyipc.base.testing.ChildJvm;
import io.nettyipc.base.testing.OpenHandles;
import io.nettyipc.base.testing.PeerProgram;
import io.nettyipc.process.AbstractProcessTreeTest;
import io.nettyipc.process.ChildProcess;
import io.nettyipc.process.ProcessAddress;
import io.nettyipc.process.ProcessChannel;
import io.nettyipc.process.ProcessChannelOption;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@EnabledOnOs(value = OS.WINDOWS, disabledReason = "Unix has its own tests")
class WindowsProcessTreeTest extends AbstractProcessTreeTest {
    @Override
    protected IoHandlerFactory factory() {
        return ChildProcess.newIoHandlerFactory();
    }

    @Override
    protected ProcessAddress launcher(String way) throws Exception {
        return ProcessAddress.of(command(way).toArray(String[]::new));
    }

    private static List<String> command(String way) throws Exception {
        List<String> command = new ArrayList<>(PeerProgram.child("launch", way));
        command.addAll(PeerProgram.child("silent"));
        return command;
    }

    private static ChildJvm jvm(String children) throws Exception {
        List<String> arguments = new ArrayList<>(List.of(children));
        arguments.addAll(command("wait"));
        return new ChildJvm(TreeProgram.class, arguments.toArray(String[]::new));
    }

    @ParameterizedTest
    @ValueSource(strings = {"close", "kill"})
    void whatHasBrokenAwayFromItsLaunchersJobEndsWithIt(String way) throws Exception {
        ProcessChannel launcher = launch(bootstrap(), "break-away");
        ProcessHandle program = program();

        end(launcher, way);

        assertEquals(1, exitCode(launcher));
        assertEnds(program);
    }

    @ParameterizedTest
    @ValueSource(strings = {"leave", "break-away"})
    void withoutTheOptionWhatHasLeftItsLauncherLivesOn(String launched) throws Exception {
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

        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
        while (OpenHandles.jobs() > before) {
            assertTrue(System.nanoTime() - deadline < 0, "jobs are open");
            Thread.sleep(5);
        }
    }
}
