/* Copyright 2026 The Netty IPC Authors. Licensed under the Apache License, Version 2.0; see LICENSE. */
package io.nettyipc.benchmarks;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/** {@link Compare} as a user runs it: a process, whose output goes to files. */
final class CompareProgram implements AutoCloseable {
    private static final int PATIENCE_SECONDS = 400;

    private final Path out;
    private final Path err;
    private final Process process;

    CompareProgram(Path directory, List<String> options, String... arguments) throws IOException {
        out = directory.resolve("out.txt");
        err = directory.resolve("err.txt");
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.add("--enable-native-access=ALL-UNNAMED");
        command.add("--add-opens");
        command.add("java.base/jdk.internal.misc=ALL-UNNAMED");
        // Its figures are of no interest here, its start takes most of the time.
        command.addAll(List.of("-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC"));
        command.addAll(options);
        command.add("io.nettyipc.benchmarks.Compare");
        command.addAll(List.of("--output", directory.resolve("report").toString()));
        command.addAll(List.of(arguments));
        ProcessBuilder builder =
                new ProcessBuilder(command).redirectOutput(out.toFile()).redirectError(err.toFile());
        builder.environment().put("CLASSPATH", System.getProperty("java.class.path"));
        process = builder.start();
    }

    /** Waits for its end and returns its exit code. */
    int exitCode() throws InterruptedException {
        assertTrue(process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS), "the program did not end");
        return process.exitValue();
    }

    String out() throws IOException {
        return Files.readString(out);
    }

    String err() throws IOException {
        return Files.readString(err);
    }

    /** Returns a server's process when it has begun to exchange messages with its client. */
    ProcessHandle serverInTheMiddle() throws IOException, InterruptedException {
        while (!err().contains("warm-up:")) {
            assertTrue(process.isAlive(), () -> "ended early: " + process.exitValue());
            Thread.sleep(20);
        }
        // A server's parent is its client.
        Optional<ProcessHandle> server =
                process.toHandle().children().flatMap(ProcessHandle::children).findFirst();
        assertTrue(server.isPresent(), "there is no server process");
        return server.get();
    }

    ProcessHandle handle() {
        return process.toHandle();
    }

    @Override
    public void close() {
        process.descendants().forEach(ProcessHandle::destroyForcibly);
        process.destroyForcibly();
    }
}
