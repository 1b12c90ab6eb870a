/* Copyright 2026 The Netty IPC Authors. Licensed under the Apache License, Version 2.0; see LICENSE. */
package io.nettyipc.benchmarks.workload;

/** Where gRPC runs the application's code. */
enum GrpcThreads {
    /** Its default: the server's code on a pool of threads, the client's in the thread that waits for the answer. */
    POOL(""),
    /** {@code directExecutor()}: on the event loops, for code that never blocks. */
    EVENT_LOOPS(", directExecutor");

    /** What it adds to a workload's title. */
    final String title;

    GrpcThreads(String title) {
        this.title = title;
    }
}
