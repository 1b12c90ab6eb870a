/* Copyright 2026 The Netty IPC Authors. Licensed under the Apache License, Version 2.0; see LICENSE. */
package io.nettyipc.shm.segment;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** A program in another JVM with this one's class path. It is told lines, and answers lines. */
public final class ChildJvm implements AutoCloseable {

    private final Process process;
    private final PrintWriter input;
    private final BufferedReader output;

    /** Starts it with a temporary directory of its own: a killed one leaves files there. */
    public ChildJvm(Class<?> program, Path temporaryDirectory, String... arguments) throws IOException {
        this(List.of(), program, temporaryDirectory, arguments);
    }

    /** Starts it with more options for the JVM. */
    public ChildJvm(List<String> options, Class<?> program, Path temporaryDirectory, String... arguments)
            throws IOException {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx256m",
                "-XX:+UseSerialGC",
                "--enable-native-access=ALL-UNNAMED",
                "-Djava.io.tmpdir=" + temporaryDirectory,
                "-Dio.nettyipc.shm.directory=" + temporaryDirectory,
                "-cp",
                System.getProperty("java.class.path")));
        command.addAll(options);
        command.add(program.getName());
        command.addAll(List.of(arguments));
        process = new ProcessBuilder(command)
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        input = new PrintWriter(process.outputWriter(StandardCharsets.UTF_8), true);
        output = process.inputReader(StandardCharsets.UTF_8);
    }

    public void tell(String line) {
        input.println(line);
    }

    public String answer() throws IOException {
        String line = output.readLine();
        if (line == null) {
            throw new AssertionError("the child ended");
        }
        return line;
    }

    /** Ends the child as a crash would. */
    public void kill() {
        process.destroyForcibly().onExit().join();
    }

    public int awaitExit() throws InterruptedException {
        if (!process.waitFor(60, TimeUnit.SECONDS)) {
            throw new AssertionError("the child does not end");
        }
        return process.exitValue();
    }

    @Override
    public void close() throws IOException {
        kill();
        // On Windows these stay open until they are collected.
        input.close();
        output.close();
    }
}
