/* Copyright 2026 The Netty IPC Authors. Licensed under the Apache License, Version 2.0; see LICENSE. */
package io.nettyipc.benchmarks.workload;

import java.util.Collections;
import java.util.EnumMap;
import java.util.Map;
import org.HdrHistogram.Histogram;

/** What one contender's round of one workload gave. */
public final class Figures {
    private final Map<Measure, Double> values = new EnumMap<>(Measure.class);
    private Histogram latency;

    public void put(Measure measure, double value) {
        values.put(measure, value);
    }

    /** Notes a latency in nanoseconds and its percentiles. */
    public void putLatency(Histogram nanos) {
        latency = nanos.copy();
        put(Measure.P50, nanos.getValueAtPercentile(50) / 1e3);
        put(Measure.P90, nanos.getValueAtPercentile(90) / 1e3);
        put(Measure.P99, nanos.getValueAtPercentile(99) / 1e3);
        put(Measure.P999, nanos.getValueAtPercentile(99.9) / 1e3);
        put(Measure.MEAN, nanos.getMean() / 1e3);
    }

    public Map<Measure, Double> values() {
        return Collections.unmodifiableMap(values);
    }

    /** In nanoseconds; null if the workload has none. */
    public Histogram latency() {
        return latency;
    }
}
