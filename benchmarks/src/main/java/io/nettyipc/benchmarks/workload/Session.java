/* Copyright 2026 The Netty IPC Authors. Licensed under the Apache License, Version 2.0; see LICENSE. */
package io.nettyipc.benchmarks.workload;

import java.io.IOException;

/** The client's side of a workload during a round. Not to be used on an event loop: {@link #run} blocks. */
public interface Session {
    /** Sends for one slice of about that duration and returns the number of operations. */
    long run(long nanos) throws IOException, InterruptedException;

    /** Forgets what was measured: that was the warm-up. */
    void reset();

    /** Puts the figures of all slices together. */
    void record(Figures figures);

    /** Closes its connections. */
    void close() throws InterruptedException;
}
