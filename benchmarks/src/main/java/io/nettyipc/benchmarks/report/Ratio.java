/* Copyright 2026 The Netty IPC Authors. Licensed under the Apache License, Version 2.0; see LICENSE. */
package io.nettyipc.benchmarks.report;

/** How many times better one is than another: the median over the rounds, and its spread. */
public record Ratio(double median, double min, double max) {
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
