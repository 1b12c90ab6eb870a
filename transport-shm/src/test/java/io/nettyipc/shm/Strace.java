/* Copyright 2026 The Netty IPC Authors. Licensed under the Apache License, Version 2.0; see LICENSE. */
package io.nettyipc.shm;

import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.nettyipc.base.testing.SystemCommand;
import java.io.BufferedReader;
import java.io.IOException;
import java.util.List;

/** Lets a call of one thread fail. */
final class Strace implements AutoCloseable {

    private final Process process;

    /**
     * Begins.
     *
     * @param thread the id of the thread
     * @param fault  what strace is to inject: the names of the calls, a colon, and how they fail
     */
    Strace(String thread, String fault) throws IOException {
        String call = fault.substring(0, fault.indexOf(':'));
        process = new ProcessBuilder(
                        "strace", "-o", "/dev/null", "-e", "trace=" + call, "-e", "inject=" + fault, "-p", thread)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start();
        BufferedReader errors = process.errorReader();
        String line = errors.readLine();
        assertTrue(line != null && line.contains("attached"), () -> "strace: " + line);
    }

    /** Skips a test where there is none. */
    static void assumeThere() throws InterruptedException {
        assumeTrue(
                SystemCommand.worksBefore(List.of("strace", "-o", "/dev/null")), "strace is missing, or may not trace");
    }

    @Override
    public void close() {
        process.destroy();
        process.onExit().join();
    }
}
