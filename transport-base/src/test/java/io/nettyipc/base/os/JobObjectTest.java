/* Copyright 2026 The Netty IPC Authors. Licensed under the Apache License, Version 2.0; see LICENSE. */
package io.nettyipc.base.os;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.nettyipc.base.testing.PeerProgram;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

@EnabledOnOs(value = OS.WINDOWS, disabledReason = "jobs are Windows'")
@Timeout(60)
class JobObjectTest {
    private final List<Process> processes = new ArrayList<>();

    @AfterEach
    void stop() {
        processes.forEach(Process::destroyForcibly);
    }

    private Process start() throws Exception {
        Process process = new ProcessBuilder(PeerProgram.child("silent")).start();
        processes.add(process);
        return process;
    }

    private static int exitCode(Process process) throws InterruptedException {
        assertTrue(process.waitFor(20, TimeUnit.SECONDS), () -> process + " lives on");
        return process.exitValue();
    }

    /** More than the first list has room for. */
    @Test
    void itsProcessesAreListedAndEndAtOnce() throws Exception {
        try (JobObject job = JobObject.create(true)) {
            assertEquals(0, job.processIds().length);
            for (int i = 0; i < 6; i++) {
                job.add(start().pid());
            }
            Process other = start();

            // Consoles may have been started with them.
            Set<Long> listed = LongStream.of(job.processIds()).boxed().collect(Collectors.toSet());
            for (Process process : processes) {
                assertEquals(process != other, listed.contains(process.pid()), process::toString);
            }
            job.terminate(3);

            for (Process process : processes.subList(0, 6)) {
                assertEquals(3, exitCode(process));
            }
            assertTrue(other.isAlive());
        }
    }

    @Test
    void itsProcessesEndWhenItIsClosed() throws Exception {
        JobObject job = JobObject.create(true);
        Process process = start();
        job.add(process.pid());

        job.close();

        exitCode(process);
        assertEquals(0, job.processIds().length);
        job.terminate(3);
    }

    @Test
    void aProcessThatHasEndedIsRefused() throws Exception {
        Process process = start();
        process.destroyForcibly();
        exitCode(process);
        try (JobObject job = JobObject.create(true)) {
            assertThrows(IOException.class, () -> job.add(process.pid()));
        }
    }

    @Test
    void aProcessThatAnotherJobHasIsRefusedUnlessTheOneIsWithinTheOther() throws Exception {
        try (JobObject outer = JobObject.create(true);
                JobObject inner = JobObject.create(true);
                JobObject other = JobObject.create(true)) {
            Process process = start();
            outer.add(process.pid());
            other.add(start().pid());

            inner.add(process.pid());

            assertEquals(Set.of(process.pid()), Set.of(outer.processIds()[0]));
            assertEquals(Set.of(process.pid()), Set.of(inner.processIds()[0]));
            String refused = assertThrows(IOException.class, () -> other.add(process.pid()))
                    .getMessage();
            assertTrue(refused.startsWith("AssignProcessToJobObject: ERROR_ACCESS_DENIED"), refused);
        }
    }
}
