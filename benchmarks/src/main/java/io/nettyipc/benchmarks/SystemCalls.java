/* Copyright 2026 The Netty IPC Authors. Licensed under the Apache License, Version 2.0; see LICENSE. */
package io.nettyipc.benchmarks;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** Counts the system calls of two threads with {@code perf stat}, from its creation until {@link #stop}. */
final class SystemCalls implements AutoCloseable {
    private static final long PATIENCE_MILLIS = 10_000;
    private static final int THREADS = 2;

    private final long clientThread;
    private final long serverThread;
    private final Path output;
    private final Process perf;

    /** System calls per operation. */
    record Count(double client, double server) {}

    private SystemCalls(long clientThread, long serverThread, Path output, Process perf) {
        this.clientThread = clientThread;
        this.serverThread = serverThread;
        this.output = output;
        this.perf = perf;
    }

    /** Why system calls can't be counted here, or null. */
    static String unavailable() throws InterruptedException {
        if (!new File("/proc/thread-self").exists()) {
            return "needs Linux";
        }
        try {
            Process perf = start(List.of("perf", "stat", "-e", "raw_syscalls:sys_enter", "true"));
            return perf.waitFor() == 0 ? null : "perf is not allowed to count them (kernel.perf_event_paranoid)";
        } catch (IOException e) {
            return "perf is not installed";
        }
    }

    static SystemCalls of(long clientThread, long serverThread) throws IOException, InterruptedException {
        Path output = Files.createTempFile("nettyipc-perf", ".csv");
        Process perf = start(List.of(
                "perf",
                "stat",
                "-x;",
                "-e",
                "raw_syscalls:sys_enter",
                "--per-thread",
                "-t",
                clientThread + "," + serverThread,
                "-o",
                output.toString()));
        awaitCounters(perf);
        return new SystemCalls(clientThread, serverThread, output, perf);
    }

    /** perf says nothing when it is ready, but its counters are open files. */
    private static void awaitCounters(Process perf) throws IOException, InterruptedException {
        Path files = Path.of("/proc", Long.toString(perf.pid()), "fd");
        long deadline = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(PATIENCE_MILLIS);
        while (counters(files) < THREADS) {
            if (perf.waitFor(5, TimeUnit.MILLISECONDS) || System.nanoTime() > deadline) {
                throw new IOException("perf does not count system calls");
            }
        }
    }

    private static long counters(Path files) {
        try (Stream<Path> list = Files.list(files)) {
            return list.filter(SystemCalls::isCounter).count();
        } catch (IOException | UncheckedIOException e) {
            return 0;
        }
    }

    private static boolean isCounter(Path file) {
        try {
            return Files.readSymbolicLink(file).toString().contains("perf_event");
        } catch (IOException e) {
            return false;
        }
    }

    private static Process start(List<String> command) throws IOException {
        return new ProcessBuilder(command)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
    }

    /** Ends counting; {@code operations} is what the calls were made for. */
    Count stop(long operations) throws IOException, InterruptedException {
        // perf prints its counts on an interrupt, which Java can't send itself.
        start(List.of("kill", "-INT", Long.toString(perf.pid()))).waitFor();
        if (!perf.waitFor(PATIENCE_MILLIS, TimeUnit.MILLISECONDS)) {
            throw new IOException("perf did not end");
        }
        return new Count(countOf(clientThread) / operations, countOf(serverThread) / operations);
    }

    /** A line is {@code name-thread;count;…}. */
    private double countOf(long thread) throws IOException {
        for (String line : Files.readAllLines(output)) {
            String[] fields = line.split(";", -1);
            if (fields.length > 2 && fields[0].endsWith("-" + thread)) {
                return fields[1].matches("\\d+") ? Double.parseDouble(fields[1]) : 0;
            }
        }
        throw new IOException("perf counted nothing for thread " + thread);
    }

    @Override
    public void close() throws IOException {
        perf.destroyForcibly();
        Files.deleteIfExists(output);
    }
}
