/* Copyright 2026 The Netty IPC Authors. Licensed under the Apache License, Version 2.0; see LICENSE. */
package io.nettyipc.benchmarks.process;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Starts a second JVM like this one. */
public final class JavaProcess {
    private JavaProcess() {}

    /**
     * Starts {@code main} with this JVM's Java and options. Its standard input and output are for the caller
     * to talk to it; its standard error is ours.
     *
     * @param options   more options for the JVM
     * @param classPath its class path
     */
    public static Process start(List<String> options, String classPath, Class<?> main, String... arguments)
            throws IOException {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        for (String option : ManagementFactory.getRuntimeMXBean().getInputArguments()) {
            // A debugger or an agent is meant for this process and often can't be had twice.
            if (!option.startsWith("-agentlib:") && !option.startsWith("-javaagent:")) {
                command.add(option);
            }
        }
        command.addAll(options);
        command.add(main.getName());
        command.addAll(List.of(arguments));
        ProcessBuilder builder = new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT);
        // In the environment the class path needs no quoting and may be longer than a command line on Windows.
        builder.environment().put("CLASSPATH", classPath);
        return builder.start();
    }

    /** Ends a process whatever it is doing, and returns when it has gone. */
    public static void end(Process process) {
        process.destroyForcibly();
        boolean interrupted = false;
        while (true) {
            try {
                process.waitFor();
                break;
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
