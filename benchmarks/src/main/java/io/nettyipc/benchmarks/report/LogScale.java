/* Copyright 2026 The Netty IPC Authors. Licensed under the Apache License, Version 2.0; see LICENSE. */
package io.nettyipc.benchmarks.report;

import java.util.ArrayList;
import java.util.List;

/** A logarithmic axis from a range of values to a range of pixels. */
final class LogScale {
    private static final int MAX_TICKS = 9;

    private final double low;
    private final double high;
    private final double start;
    private final double end;

    /** {@code start} is where {@code low} is drawn. */
    LogScale(double low, double high, double start, double end) {
        this.low = Math.log10(low);
        // A single value has its place too.
        this.high = Math.max(Math.log10(high), this.low + 0.05);
        this.start = start;
        this.end = end;
    }

    double at(double value) {
        double share = (Math.log10(value) - low) / (high - low);
        return start + (end - start) * Math.max(0, Math.min(1, share));
    }

    /** 1, 2, 5, 10 and so on, or fewer of them where there are many. */
    List<Double> ticks() {
        for (int[] steps : new int[][] {{1, 2, 5}, {1, 3}, {1}}) {
            List<Double> ticks = ticks(steps);
            if (ticks.size() <= MAX_TICKS) {
                return ticks;
            }
        }
        return ticks(new int[] {1});
    }

    private List<Double> ticks(int[] steps) {
        List<Double> ticks = new ArrayList<>();
        for (int exponent = (int) Math.floor(low); exponent <= high; exponent++) {
            for (int step : steps) {
                double value = step * Math.pow(10, exponent);
                double place = Math.log10(value);
                if (place >= low - 1e-9 && place <= high + 1e-9) {
                    ticks.add(value);
                }
            }
        }
        return ticks;
    }

    /** 0.5, 20 or 3k. */
    static String label(double tick) {
        if (tick >= 1e6) {
            return trim(tick / 1e6) + "M";
        }
        return tick >= 1e4 ? trim(tick / 1e3) + "k" : trim(tick);
    }

    private static String trim(double value) {
        return value >= 1 ? Long.toString(Math.round(value)) : Double.toString(Math.round(value * 1000) / 1000.0);
    }
}
