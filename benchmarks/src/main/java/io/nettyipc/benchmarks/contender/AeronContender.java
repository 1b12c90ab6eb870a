/* Copyright 2026 The Netty IPC Authors. Licensed under the Apache License, Version 2.0; see LICENSE. */
package io.nettyipc.benchmarks.contender;

import io.nettyipc.benchmarks.workload.Filled;
import io.nettyipc.benchmarks.workload.RoundTrips;
import io.nettyipc.benchmarks.workload.Stream;
import io.nettyipc.benchmarks.workload.Topic;
import io.nettyipc.benchmarks.workload.Workload;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.function.IntSupplier;

/**
 * Aeron's IPC transport through its own interface: no pipeline, no buffers of Netty, and both ends always spin. What
 * the best of shared memory takes when nothing but messages is asked for.
 */
final class AeronContender implements Contender {
    /** Whoever subscribes takes publications with terms of any length. */
    static final String CHANNEL = "aeron:ipc";
    /** Messages that come back, and those that don't. */
    static final int ECHO = 10;

    static final int SINK = 20;
    static final int SUM = 30;
    static final int SMALLEST_TERM = 64 * 1024;
    private static final int LARGEST_MTU = 64 * 1024 - 32;
    private static final int ROUND_TRIP_TERM = 1024 * 1024;
    /** Aeron's default. With shorter ones the sender stops more often until the driver has seen what was read. */
    static final int STREAM_TERM = 64 * 1024 * 1024;

    /** Three terms for each publication, and something more. */
    private static final long MEMORY = 512L * 1024 * 1024;
    /** Messages end at an eighth of a term. */
    private static final int LARGEST_MESSAGE = STREAM_TERM / 8;

    static {
        // As in Aeron's own scripts: whoever wants its speed turns its checks of indices off. Before its buffers are
        // loaded.
        System.setProperty("agrona.disable.bounds.checks", "true");
    }

    @Override
    public String id() {
        return "aeron";
    }

    @Override
    public String label() {
        return "Aeron IPC (raw, busy)";
    }

    @Override
    public String unavailable() {
        // Agrona reads and writes memory through this package.
        if (!Object.class.getModule().isOpen("jdk.internal.misc", AeronContender.class.getModule())) {
            return "this JVM runs without --add-opens java.base/jdk.internal.misc=ALL-UNNAMED";
        }
        return parent().toFile().getUsableSpace() < MEMORY
                ? "needs " + MEMORY / 1024 / 1024 + " MiB in " + parent()
                : null;
    }

    @Override
    public String unsupported(Topic topic) {
        if (topic instanceof Filled filled) {
            return filled.isTouched() ? null : "fills what it sends";
        }
        int size = topic instanceof RoundTrips roundTrips
                ? roundTrips.size()
                : topic instanceof Stream stream && !stream.isOfFile() ? stream.size() : -1;
        return size < 0
                ? "messages only: no connections, no Netty pipeline"
                : size > LARGEST_MESSAGE ? "its messages end at an eighth of a term" : null;
    }

    @Override
    public boolean spins() {
        return true;
    }

    @Override
    public boolean isInOneProcess() {
        return false;
    }

    @Override
    public Server listen(String name, List<Workload> workloads, IntSupplier ports) {
        return new AeronServer(parent().resolve(name));
    }

    @Override
    public Client client(String name, String location) {
        return new AeronClient(parent().resolve(name));
    }

    /** Short terms stay in the caches, which is what a message and its answer need. */
    static int roundTripTerm(int size) {
        return Math.max(ROUND_TRIP_TERM, Integer.highestOneBit(2 * size - 1) * 8);
    }

    /** With terms of that length and the longest fragments that are allowed with them. */
    static String channel(int termLength) {
        return CHANNEL + "?term-length=" + termLength + "|mtu=" + Math.min(LARGEST_MTU, termLength / 8);
    }

    /** On Linux in memory, where Aeron puts it too. */
    private static Path parent() {
        Path memory = Path.of("/dev/shm");
        return Files.isWritable(memory) ? memory : Path.of(System.getProperty("java.io.tmpdir"));
    }
}
