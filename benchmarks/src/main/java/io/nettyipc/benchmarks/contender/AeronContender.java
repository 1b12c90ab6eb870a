/* Copyright 2026 The Netty IPC Authors. Licensed under the Apache License, Version 2.0; see LICENSE. */
package io.nettyipc.benchmarks.contender;

import io.nettyipc.benchmarks.workload.RoundTrips;
import io.nettyipc.benchmarks.workload.Stream;
import io.nettyipc.benchmarks.workload.Topic;
import io.nettyipc.benchmarks.workload.Workload;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.function.IntSupplier;

/**
 * Aeron's IPC transport through its own interface: no pipeline, no buffers of Netty, and both ends always spin. What the
 * best of shared memory takes when nothing but messages is asked for.
 */
final class AeronContender implements Contender {
    static final String CHANNEL = "aeron:ipc";
    /** Messages that come back, and those that don't. */
    static final int ECHO = 10;

    static final int ECHOED = 11;
    static final int SINK = 20;
    static final int COUNTED = 21;
    /** An eighth of a term. */
    static final int TERM = 16 * 1024 * 1024;

    static final int LARGEST_MESSAGE = TERM / 8;

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
        return Object.class.getModule().isOpen("jdk.internal.misc", AeronContender.class.getModule())
                ? null
                : "this JVM runs without --add-opens java.base/jdk.internal.misc=ALL-UNNAMED";
    }

    @Override
    public String unsupported(Topic topic) {
        int size = topic instanceof RoundTrips roundTrips
                ? roundTrips.size()
                : topic instanceof Stream stream ? stream.size() : -1;
        return size < 0
                ? "messages only: no connections, no Netty pipeline"
                : size > LARGEST_MESSAGE ? "its messages end at an eighth of a term" : null;
    }

    @Override
    public boolean isInOneProcess() {
        return false;
    }

    @Override
    public Server listen(String name, List<Workload> workloads, IntSupplier ports) {
        return new AeronServer(directory(name));
    }

    @Override
    public Client client(String name, String location) {
        return new AeronClient(directory(name));
    }

    /** On Linux in memory, where Aeron puts it too. */
    private static Path directory(String name) {
        Path memory = Path.of("/dev/shm");
        Path parent = Files.isWritable(memory) ? memory : Path.of(System.getProperty("java.io.tmpdir"));
        return parent.resolve(name);
    }
}
