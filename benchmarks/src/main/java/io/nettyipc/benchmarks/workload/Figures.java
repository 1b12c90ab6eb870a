/* Copyright 2026 The Netty IPC Authors. Licensed under the Apache License, Version 2.0; see LICENSE. */
package io.nettyipc.benchmarks.workload;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Base64;
import java.util.Collections;
import java.util.EnumMap;
import java.util.Map;
import java.util.StringJoiner;
import java.util.zip.DataFormatException;
import org.HdrHistogram.Histogram;

/** What one contender's round of one workload gave. */
public final class Figures {
    private static final String LATENCY = "latency";

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

    /** Writes them as words, for another process. */
    public String encode() {
        StringJoiner words = new StringJoiner(" ");
        values.forEach((measure, value) -> words.add(measure.name()).add(value.toString()));
        if (latency != null) {
            ByteBuffer buffer = ByteBuffer.allocate(latency.getNeededByteBufferCapacity());
            int length = latency.encodeIntoCompressedByteBuffer(buffer);
            words.add(LATENCY).add(Base64.getEncoder().encodeToString(Arrays.copyOf(buffer.array(), length)));
        }
        return words.toString();
    }

    /** Reads what {@link #encode} has written. */
    public static Figures decode(String text) {
        Figures figures = new Figures();
        String[] words = text.split(" ", -1);
        for (int i = 0; i < words.length; i += 2) {
            if (words[i].equals(LATENCY)) {
                try {
                    figures.latency = Histogram.decodeFromCompressedByteBuffer(
                            ByteBuffer.wrap(Base64.getDecoder().decode(words[i + 1])), Latencies.HIGHEST);
                } catch (DataFormatException e) {
                    throw new IllegalArgumentException("not a histogram: " + words[i + 1], e);
                }
            } else {
                figures.put(Measure.valueOf(words[i]), Double.parseDouble(words[i + 1]));
            }
        }
        return figures;
    }

    public Map<Measure, Double> values() {
        return Collections.unmodifiableMap(values);
    }

    /** In nanoseconds; null if the workload has none. */
    public Histogram latency() {
        return latency;
    }
}
