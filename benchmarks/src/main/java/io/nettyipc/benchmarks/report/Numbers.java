/* Copyright 2026 The Netty IPC Authors. Licensed under the Apache License, Version 2.0; see LICENSE. */
package io.nettyipc.benchmarks.report;

import java.util.Locale;

/** Writes numbers with about three digits. */
public final class Numbers {
    private Numbers() {}

    /** A dash for NaN. */
    public static String format(double value) {
        if (Double.isNaN(value)) {
            return "-";
        }
        if (value >= 1e7) {
            return String.format(Locale.ROOT, "%.1fM", value / 1e6);
        }
        if (value >= 1e4) {
            return String.format(Locale.ROOT, "%.0fk", value / 1e3);
        }
        return String.format(Locale.ROOT, value >= 100 ? "%.0f" : value >= 10 ? "%.1f" : "%.2f", value);
    }
}
