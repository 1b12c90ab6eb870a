/* Copyright 2026 The Netty IPC Authors. Licensed under the Apache License, Version 2.0; see LICENSE. */
package io.nettyipc.benchmarks;

import java.io.PrintStream;
import java.util.List;
import java.util.Locale;
import java.util.function.Function;

/** Prints {@link Results}. Only ASCII: a Windows console may show nothing else. */
final class Report {
    private static final int LABEL = 33;
    private static final List<Metric> SPEED =
            List.of(Metric.ROUND_TRIP_P50, Metric.ROUND_TRIP_P99, Metric.STREAM_RATE, Metric.FILE_RATE);

    private final Results results;
    private final PrintStream out;

    Report(Results results, PrintStream out) {
        this.results = results;
        this.out = out;
    }

    /** The figures themselves: medians over the rounds. */
    void printFigures(List<Contender> all) {
        heading("", SPEED, 16, m -> m.title + " " + m.unit, "file SHA-256");
        for (Contender contender : all) {
            if (contender.isAvailable()) {
                row(contender.label(), SPEED, 16, m -> number(results.median(contender, m)), "ok");
            } else {
                out.printf("%-" + LABEL + "s not available: %s%n", contender.label(), contender.unavailable());
            }
        }
        out.println();
    }

    /** How many times better than the baseline. */
    void printRatios(Contender baseline) {
        out.println("Times better than " + baseline.label());
        heading("", SPEED, 22, m -> m.title, "");
        for (Contender contender : results.contenders()) {
            if (contender != baseline) {
                row(contender.label(), SPEED, 22, m -> ratio(results.ratio(contender, baseline, m)), "");
            }
        }
        out.println();
    }

    /** What one operation costs each process. */
    void printCosts(String operation, List<Metric> metrics) {
        out.println("Cost of one " + operation);
        heading("", metrics, 16, m -> m.title + " " + m.unit, "");
        for (Contender contender : results.contenders()) {
            row(contender.label(), metrics, 16, m -> number(results.median(contender, m)), "");
        }
        out.println();
    }

    private void heading(String first, List<Metric> metrics, int width, Function<Metric, String> cell, String last) {
        row(first, metrics, width, cell, last);
        out.println("-".repeat(LABEL + metrics.size() * width + (last.isEmpty() ? 0 : 2 + last.length())));
    }

    private void row(String first, List<Metric> metrics, int width, Function<Metric, String> cell, String last) {
        StringBuilder line = new StringBuilder(String.format("%-" + LABEL + "s", first));
        for (Metric metric : metrics) {
            line.append(String.format("%" + width + "s", cell.apply(metric)));
        }
        out.println(line.append(last.isEmpty() ? "" : "  " + last));
    }

    private static String ratio(Results.Ratio ratio) {
        String spread = " (" + number(ratio.min()) + ".." + number(ratio.max()) + ")";
        return (ratio.isUndecided() ? "no diff." : number(ratio.median()) + "x") + spread;
    }

    private static String number(double value) {
        return String.format(Locale.ROOT, value >= 100 ? "%.0f" : value >= 10 ? "%.1f" : "%.2f", value);
    }
}
