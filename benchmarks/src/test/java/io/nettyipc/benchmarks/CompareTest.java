/* Copyright 2026 The Netty IPC Authors. Licensed under the Apache License, Version 2.0; see LICENSE. */
package io.nettyipc.benchmarks;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** What goes wrong is said clearly, and leaves no process behind. */
class CompareTest {
    private static final String[] ENDLESS = {
        "--contenders", "tcp-nio,local", "--workloads", "round-trip-64", "--rounds", "1000", "--seconds", "600"
    };

    @TempDir
    private Path directory;

    @Test
    void anUnknownContenderIsNamedWithAllThereAre() throws Exception {
        try (CompareProgram compare =
                new CompareProgram(directory, List.of(), "--contenders", "tcp-nio,carrier-pigeon")) {
            assertEquals(2, compare.exitCode());
            assertTrue(compare.err().contains("no contender \"carrier-pigeon\"; there are [tcp-nio, "), compare.err());
        }
    }

    @Test
    void anUnknownWorkloadIsNamedWithAllThereAre() throws Exception {
        try (CompareProgram compare = new CompareProgram(directory, List.of(), "--workloads", "juggling")) {
            assertEquals(2, compare.exitCode());
            assertTrue(compare.err().contains("no workload \"juggling\"; there are [round-trip-64, "), compare.err());
        }
    }

    @Test
    void theReportSaysThatOtherProcessesWereBusy() throws Exception {
        try (CompareProgram compare = new CompareProgram(
                directory,
                List.of(),
                "--contenders",
                "tcp-nio",
                "--workloads",
                "round-trip-64",
                "--dry-run",
                "--busy-processes",
                "1")) {
            assertEquals(0, compare.exitCode(), compare.err());
            assertTrue(compare.out().contains("other processes that keep a processor busy: 1"), compare.out());
        }
    }

    @Test
    void aPortThatIsTakenIsNamed() throws Exception {
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
                CompareProgram compare = new CompareProgram(
                        directory,
                        List.of(),
                        "--contenders",
                        "tcp-nio",
                        "--port",
                        Integer.toString(taken.getLocalPort()))) {
            assertEquals(1, compare.exitCode());
            assertTrue(
                    compare.err().contains("TCP loopback (NIO): ")
                            && compare.err().contains("cannot listen on localhost/127.0.0.1:" + taken.getLocalPort()),
                    compare.err());
        }
    }

    @Test
    void tooLittleHeapIsRefusedBeforeAnythingIsMeasured() throws Exception {
        try (CompareProgram compare = new CompareProgram(directory, List.of("-Xmx32m"), ENDLESS)) {
            assertEquals(1, compare.exitCode());
            assertTrue(compare.err().contains("too little memory: 96 MiB of heap are needed"), compare.err());
        }
    }

    @Test
    void tooLittleDirectMemoryIsRefusedBeforeAnythingIsMeasured() throws Exception {
        try (CompareProgram compare = new CompareProgram(directory, List.of("-XX:MaxDirectMemorySize=16m"), ENDLESS)) {
            assertEquals(1, compare.exitCode());
            assertTrue(compare.err().contains("too little memory: 96 MiB of direct memory are needed"), compare.err());
        }
    }

    @Test
    void aServerThatDiesEndsTheClientWithAMessage() throws Exception {
        try (CompareProgram compare = new CompareProgram(directory, List.of(), ENDLESS)) {
            compare.serverInTheMiddle().destroyForcibly();
            assertEquals(1, compare.exitCode());
            assertTrue(compare.err().contains("the server process ended with exit code"), compare.err());
        }
    }

    @Test
    void aClientThatIsKilledTakesTheServerWithIt() throws Exception {
        try (CompareProgram compare = new CompareProgram(directory, List.of(), ENDLESS)) {
            ProcessHandle server = compare.serverInTheMiddle();
            compare.handle().destroyForcibly();
            compare.exitCode();
            assertEnds(server);
        }
    }

    /** The JVM runs the same hooks for SIGTERM as for Ctrl-C's SIGINT. */
    @Test
    @DisabledOnOs(value = OS.WINDOWS, disabledReason = "Windows has no signal that asks a process to end")
    void aClientThatIsInterruptedTakesTheServerWithIt() throws Exception {
        try (CompareProgram compare = new CompareProgram(directory, List.of(), ENDLESS)) {
            ProcessHandle server = compare.serverInTheMiddle();
            compare.handle().destroy();
            assertFalse(compare.exitCode() == 0);
            assertFalse(server.isAlive());
        }
    }

    private static void assertEnds(ProcessHandle process) throws IOException {
        try {
            process.onExit().get(30, TimeUnit.SECONDS);
        } catch (Exception e) {
            throw new IOException("the server process lives on", e);
        }
    }
}
