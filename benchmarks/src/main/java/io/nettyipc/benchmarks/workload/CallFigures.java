/* Copyright 2026 The Netty IPC Authors. Licensed under the Apache License, Version 2.0; see LICENSE. */
package io.nettyipc.benchmarks.workload;

import java.io.IOException;
import org.HdrHistogram.Histogram;

/** What one caller's calls took, one at a time. */
final class CallFigures {
    private final Histogram latency = Latencies.newHistogram();
    private final int size;
    private long nanos;

    /** With {@code size} bytes each way. */
    CallFigures(int size) {
        this.size = size;
    }

    /** Notes a call that ended now, checks its answer, and returns the time. */
    long answered(int length, long startNanos) throws IOException {
        long now = System.nanoTime();
        if (length != size) {
            throw new IOException("an answer of " + length + " bytes to a request of " + size);
        }
        latency.recordValue(now - startNanos);
        return now;
    }

    /** Notes how long a slice took. */
    void slice(long duration) {
        nanos += duration;
    }

    void reset() {
        latency.reset();
        nanos = 0;
    }

    void record(Figures figures) {
        figures.put(Measure.OPERATIONS, latency.getTotalCount() * 1e9 / nanos);
        figures.putLatency(latency);
    }
}
