/* Copyright 2026 The Netty IPC Authors. Licensed under the Apache License, Version 2.0; see LICENSE. */
package io.nettyipc.benchmarks;

import io.netty.util.internal.PlatformDependent;
import io.nettyipc.benchmarks.workload.FileTransfer;
import java.io.IOException;
import java.nio.file.Files;

/**
 * Refuses to start with less memory than a run needs: it would fail in the middle, or measure the garbage collector.
 */
final class Memory {
    private static final long MIB = 1024 * 1024;
    private static final long HEAP = 96 * MIB;
    /** Buffers of the pool, and of the greatest messages on their way. */
    private static final long DIRECT = 96 * MIB;

    private Memory() {}

    /**
     * Checks this JVM's limits; the server's JVM has the same.
     *
     * @throws IOException says what is missing and how to give it
     */
    static void check(Options options) throws IOException {
        long heap = Runtime.getRuntime().maxMemory();
        if (heap < HEAP) {
            throw new IOException("too little memory: " + HEAP / MIB + " MiB of heap are needed and this JVM may use "
                    + heap / MIB + " MiB; give it -Xmx256m or more");
        }
        boolean file = options.workloads().stream().anyMatch(FileTransfer.class::isInstance);
        long needed = DIRECT + (file ? Files.size(options.file()) : 0);
        long direct = PlatformDependent.maxDirectMemory();
        if (direct < needed) {
            throw new IOException("too little memory: " + needed / MIB + " MiB of direct memory are needed and this JVM"
                    + " may use " + direct / MIB + " MiB; give it -XX:MaxDirectMemorySize=" + 2 * needed / MIB + "m");
        }
    }
}
