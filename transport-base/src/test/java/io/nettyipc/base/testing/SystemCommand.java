/* Copyright 2026 The Netty IPC Authors. Licensed under the Apache License, Version 2.0; see LICENSE. */
package io.nettyipc.base.testing;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/** Programs of the system that a test needs, and that may be missing or need root: {@code strace}, {@code unshare}. */
public final class SystemCommand {

    private SystemCommand() {}

    /** Whether a command ends well, whatever it says. */
    public static boolean works(List<String> command) throws InterruptedException {
        try {
            return new ProcessBuilder(command)
                            .redirectErrorStream(true)
                            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                            .start()
                            .waitFor()
                    == 0;
        } catch (IOException e) {
            return false;
        }
    }

    /** Whether another command can be started by one that these words begin, such as {@code strace -f}. */
    public static boolean worksBefore(List<String> prefix) throws InterruptedException {
        List<String> command = new ArrayList<>(prefix);
        command.add("true");
        return works(command);
    }

    /**
     * The words that start a program some of whose system calls fail. Where there can't be one, the test is skipped.
     *
     * @param fault   which, and how, as {@code strace} is told; its other calls are as fast as ever
     * @param options of {@code strace} besides
     */
    public static List<String> withFault(String fault, String... options) throws InterruptedException {
        String calls = fault.substring(0, fault.indexOf(':'));
        List<String> strace = new ArrayList<>(List.of("strace", "--seccomp-bpf", "-D", "-f", "-qq", "-o", "/dev/null"));
        strace.addAll(List.of("-e", "trace=" + calls, "-e", "inject=" + fault));
        strace.addAll(List.of(options));
        assumeTrue(worksBefore(strace), "strace is missing, or may not trace");
        return strace;
    }
}
