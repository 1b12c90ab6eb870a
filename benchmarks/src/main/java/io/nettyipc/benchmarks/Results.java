/* Copyright 2026 The Netty IPC Authors. Licensed under the Apache License, Version 2.0; see LICENSE. */
package io.nettyipc.benchmarks;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The figures of all rounds. */
final class Results {
    private final Map<Contender, Map<Metric, List<Double>>> rounds = new LinkedHashMap<>();

    /** The results of these contenders, which will be reported in this order. */
    Results(List<Contender> contenders) {
        contenders.forEach(contender -> rounds.put(contender, new EnumMap<>(Metric.class)));
    }

    void add(Contender contender, Map<Metric, Double> round) {
        Map<Metric, List<Double>> figures = rounds.get(contender);
        round.forEach((metric, value) ->
                figures.computeIfAbsent(metric, m -> new ArrayList<>()).add(value));
    }

    List<Contender> contenders() {
        return List.copyOf(rounds.keySet());
    }

    double median(Contender contender, Metric metric) {
        return median(values(contender, metric));
    }

    /** How many times better {@code contender} is than {@code baseline}, compared round by round. */
    Ratio ratio(Contender contender, Contender baseline, Metric metric) {
        double[] ours = values(contender, metric);
        double[] theirs = values(baseline, metric);
        double[] ratios = new double[ours.length];
        for (int i = 0; i < ratios.length; i++) {
            ratios[i] = metric.lowerIsBetter ? theirs[i] / ours[i] : ours[i] / theirs[i];
        }
        return new Ratio(
                median(ratios),
                Arrays.stream(ratios).min().orElseThrow(),
                Arrays.stream(ratios).max().orElseThrow());
    }

    /** A median and its spread over the rounds. */
    record Ratio(double median, double min, double max) {
        /** Whether some rounds were better and others worse: then the rounds show no difference. */
        boolean isUndecided() {
            return min <= 1 && max >= 1;
        }
    }

    private double[] values(Contender contender, Metric metric) {
        return rounds.get(contender).get(metric).stream()
                .mapToDouble(Double::doubleValue)
                .toArray();
    }

    private static double median(double[] values) {
        double[] sorted = values.clone();
        Arrays.sort(sorted);
        int middle = sorted.length / 2;
        return sorted.length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
    }
}
