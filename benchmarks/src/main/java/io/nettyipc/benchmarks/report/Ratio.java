/* Copyright 2026 The Netty IPC Authors. Licensed under the Apache License, Version 2.0; see LICENSE. */
package io.nettyipc.benchmarks.report;

import io.nettyipc.benchmarks.workload.Measure;
import java.util.Arrays;

/** How many times better one is than another: the median over the rounds, and its spread. */
public record Ratio(double median, double min, double max) {
    /** Compares round by round; neither is empty. */
    public static Ratio of(double[] ours, double[] theirs, Measure measure) {
        double[] ratios = new double[ours.length];
        for (int i = 0; i < ratios.length; i++) {
            ratios[i] = measure.lowerIsBetter ? theirs[i] / ours[i] : ours[i] / theirs[i];
        }
        return new Ratio(
                median(ratios),
                Arrays.stream(ratios).min().orElseThrow(),
                Arrays.stream(ratios).max().orElseThrow());
    }

    /** NaN if there are no values. */
    public static double median(double[] values) {
        if (values.length == 0) {
            return Double.NaN;
        }
        double[] sorted = values.clone();
        Arrays.sort(sorted);
        int middle = sorted.length / 2;
        return sorted.length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
    }

    /** Whether some rounds were better and others worse: then the rounds show no difference. */
    public boolean isUndecided() {
        return min <= 1 && max >= 1;
    }

    @Override
    public String toString() {
        if (min == max) {
            return Numbers.format(median) + "x (measured once)";
        }
        return (isUndecided() ? "no difference" : Numbers.format(median) + "x") + " (" + Numbers.format(min) + ".."
                + Numbers.format(max) + ")";
    }
}
