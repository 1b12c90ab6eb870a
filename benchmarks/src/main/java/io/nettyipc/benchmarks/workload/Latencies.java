/* Copyright 2026 The Netty IPC Authors. Licensed under the Apache License, Version 2.0; see LICENSE. */
package io.nettyipc.benchmarks.workload;

import java.util.concurrent.TimeUnit;
import org.HdrHistogram.Histogram;

/** Makes the histograms: nanoseconds, up to a minute, three digits. */
public final class Latencies {
    public static final long HIGHEST = TimeUnit.MINUTES.toNanos(1);

    private Latencies() {}

    public static Histogram newHistogram() {
        return new Histogram(HIGHEST, 3);
    }
}
