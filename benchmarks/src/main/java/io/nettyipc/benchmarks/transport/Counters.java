/* Copyright 2026 The Netty IPC Authors. Licensed under the Apache License, Version 2.0; see LICENSE. */
package io.nettyipc.benchmarks.transport;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;

/**
 * What a process has used so far.
 *
 * @param cpuNanos       processor time of the whole process, its helper threads and the kernel's share included
 * @param allocatedBytes heap bytes that the thread that carries the messages has allocated
 */
public record Counters(long cpuNanos, long allocatedBytes) {
    public static final Counters ZERO = new Counters(0, 0);

    private static final com.sun.management.OperatingSystemMXBean OS =
            (com.sun.management.OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();
    private static final com.sun.management.ThreadMXBean THREADS =
            (com.sun.management.ThreadMXBean) ManagementFactory.getThreadMXBean();

    /** Reads this process's counters; {@code thread} is Java's identifier of the thread. */
    public static Counters read(long thread) {
        return new Counters(OS.getProcessCpuTime(), THREADS.getThreadAllocatedBytes(thread));
    }

    public static long processCpuNanos() {
        return OS.getProcessCpuTime();
    }

    /** Memory the process has taken from the system, in bytes: resident on Linux, committed on Windows. -1: unknown. */
    public static long processMemory() throws IOException {
        Path status = Path.of("/proc/self/status");
        if (System.getProperty("os.name").startsWith("Windows")) {
            return OS.getCommittedVirtualMemorySize();
        }
        if (!Files.isReadable(status)) {
            return -1;
        }
        try (Stream<String> lines = Files.lines(status)) {
            return lines.filter(line -> line.startsWith("VmRSS:"))
                    .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")) * 1024)
                    .findFirst()
                    .orElse(-1);
        }
    }

    /** The operating system's identifier of the calling thread; -1 where nothing tells it. */
    public static long callingThreadId() {
        try {
            return Long.parseLong(Files.readSymbolicLink(Path.of("/proc/thread-self"))
                    .getFileName()
                    .toString());
        } catch (IOException | UnsupportedOperationException e) {
            return -1;
        }
    }

    public Counters plus(Counters other) {
        return new Counters(cpuNanos + other.cpuNanos, allocatedBytes + other.allocatedBytes);
    }

    public Counters minus(Counters earlier) {
        return new Counters(cpuNanos - earlier.cpuNanos, allocatedBytes - earlier.allocatedBytes);
    }
}
