/* Copyright 2026 The Netty IPC Authors. Licensed under the Apache License, Version 2.0; see LICENSE. */
package io.nettyipc.benchmarks.report;

import io.nettyipc.benchmarks.contender.Contender;
import io.nettyipc.benchmarks.workload.Figures;
import io.nettyipc.benchmarks.workload.Measure;
import io.nettyipc.benchmarks.workload.Topic;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.HdrHistogram.Histogram;

/** The figures of all rounds. */
public final class Results {
    private final Map<Key, Map<Measure, List<Double>>> rounds = new HashMap<>();
    private final Map<Key, Histogram> latencies = new HashMap<>();

    private record Key(String contender, String topic) {
        static Key of(Contender contender, Topic topic) {
            return new Key(contender.id(), topic.id());
        }
    }

    /** Adds a round's figures. */
    public void add(Contender contender, Topic topic, Figures figures) {
        Key key = Key.of(contender, topic);
        figures.values().forEach((measure, value) -> add(key, measure, value));
        if (figures.latency() != null) {
            latencies.merge(key, figures.latency(), (all, round) -> {
                all.add(round);
                return all;
            });
        }
    }

    /** Adds something that is measured once. */
    public void add(Contender contender, Topic topic, Measure measure, double value) {
        add(Key.of(contender, topic), measure, value);
    }

    private void add(Key key, Measure measure, double value) {
        rounds.computeIfAbsent(key, k -> new EnumMap<>(Measure.class))
                .computeIfAbsent(measure, m -> new ArrayList<>())
                .add(value);
    }

    public boolean has(Contender contender, Topic topic) {
        return rounds.containsKey(Key.of(contender, topic));
    }

    /** Whether anybody has that measure of that topic. */
    public boolean has(Topic topic, Measure measure) {
        return rounds.entrySet().stream()
                .anyMatch(
                        e -> e.getKey().topic.equals(topic.id()) && e.getValue().containsKey(measure));
    }

    /** What the rounds gave, in their order; empty if it was not measured. */
    public double[] values(Contender contender, Topic topic, Measure measure) {
        return rounds.getOrDefault(Key.of(contender, topic), Map.of()).getOrDefault(measure, List.of()).stream()
                .mapToDouble(Double::doubleValue)
                .toArray();
    }

    /** NaN if it was not measured. */
    public double median(Contender contender, Topic topic, Measure measure) {
        return Ratio.median(values(contender, topic, measure));
    }

    /** The latencies of all rounds in nanoseconds; null if there are none. */
    public Histogram latency(Contender contender, Topic topic) {
        return latencies.get(Key.of(contender, topic));
    }

    /**
     * How many times better {@code contender} is than {@code baseline}, compared round by round; null if one of them
     * was not measured.
     */
    public Ratio ratio(Contender contender, Contender baseline, Topic topic, Measure measure) {
        return ratio(contender, topic, baseline, topic, measure);
    }

    /** As above, of two topics that have the same measure. */
    public Ratio ratio(Contender contender, Topic topic, Contender baseline, Topic baselineTopic, Measure measure) {
        double[] ours = values(contender, topic, measure);
        double[] theirs = values(baseline, baselineTopic, measure);
        if (ours.length == 0 || theirs.length != ours.length) {
            return null;
        }
        return Ratio.of(ours, theirs, measure);
    }
}
