/* Copyright 2026 The Netty IPC Authors. Licensed under the Apache License, Version 2.0; see LICENSE. */
package io.nettyipc.process;

import static io.nettyipc.process.AbstractProcessTreeTest.assertEnds;
import static io.nettyipc.process.AbstractProcessTreeTest.process;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import io.nettyipc.base.testing.ChildJvm;
import io.nettyipc.base.testing.SystemCommand;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What becomes of the children of a JVM that ends. */
@DisabledOnOs(value = OS.WINDOWS, disabledReason = "the programs are Unix's")
@Timeout(120)
class ProcessTreeOfJvmTest {
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
        List<String> sandbox = SystemCommand.withFault("openat:error=EACCES", "-P", "/proc");
        try (ChildJvm program = new ChildJvm(sandbox, ChildProgram.class, jar -> true, Map.of(), "close")) {
            assertEquals("ended", program.answer());
        }
    }
}
