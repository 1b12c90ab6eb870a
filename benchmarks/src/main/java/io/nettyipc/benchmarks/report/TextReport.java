/* Copyright 2026 The Netty IPC Authors. Licensed under the Apache License, Version 2.0; see LICENSE. */
package io.nettyipc.benchmarks.report;

import io.nettyipc.benchmarks.contender.Contender;
import io.nettyipc.benchmarks.workload.Measure;
import io.nettyipc.benchmarks.workload.Workload;
import java.io.PrintStream;

/** Prints a {@link Run} as tables, one for each workload. Only ASCII: a Windows console may show nothing else. */
public final class TextReport {
    private static final int LABEL = 30;
    private static final int FIGURE = 12;
    private static final int RATIO = 29;
    private static final int COST = 15;

    private final Run run;
    private final Results results;
    private final PrintStream out;

    public TextReport(Run run, PrintStream out) {
        this.run = run;
        results = run.results();
        this.out = out;
    }

    /** Prints all of it. */
    public void print() {
        out.println();
        out.println(run.machine() + "; " + run.rounds() + " rounds");
        for (Workload workload : run.workloads()) {
            printTable(workload);
        }
        out.println();
        out.println("Figures are medians of the rounds. A ratio is that of the first figure to "
                + run.baseline().label()
                + ": how many\ntimes better, the median of the rounds' ratios (lowest..highest). \"no difference\": some"
                + " rounds were better, others worse.\nCPU: processor time of each process in us, heap: bytes its thread"
                + " allocates, calls: its system calls; each client / server,\nfor one of what the table counts."
                + (run.systemCalls() == null ? "" : " System calls: not measured: " + run.systemCalls() + "."));
        out.println("Compare ratios, never times from different runs.");
    }

    private void printTable(Workload workload) {
        out.println();
        StringBuilder heading = new StringBuilder(pad(workload.title(), LABEL));
        for (Measure measure : workload.measures()) {
            heading.append(String.format("%" + FIGURE + "s", measure.title + ' ' + measure.unit));
        }
        heading.append(String.format("%" + RATIO + "s", "ratio"));
        heading.append(String.format("%" + COST + "s", "CPU"));
        heading.append(String.format("%" + COST + "s", "heap"));
        boolean calls = results.has(workload, Measure.CLIENT_CALLS);
        if (calls) {
            heading.append(String.format("%" + COST + "s", "calls"));
        }
        out.println(heading);
        out.println("-".repeat(heading.length()));
        for (Contender contender : run.contenders()) {
            String missing = run.missing(contender, workload);
            out.println(pad(contender.label(), LABEL)
                    + (missing == null ? row(contender, workload, calls) : " not measured: " + missing));
        }
    }

    private String row(Contender contender, Workload workload, boolean calls) {
        StringBuilder row = new StringBuilder();
        for (Measure measure : workload.measures()) {
            row.append(String.format("%" + FIGURE + "s", Numbers.format(results.median(contender, workload, measure))));
        }
        Ratio ratio = results.ratio(
                contender, run.baseline(), workload, workload.measures().get(0));
        row.append(String.format(
                "%" + RATIO + "s", contender == run.baseline() ? "baseline" : ratio == null ? "-" : ratio));
        row.append(pair(contender, workload, Measure.CLIENT_CPU, Measure.SERVER_CPU));
        row.append(pair(contender, workload, Measure.CLIENT_HEAP, Measure.SERVER_HEAP));
        if (calls) {
            row.append(pair(contender, workload, Measure.CLIENT_CALLS, Measure.SERVER_CALLS));
        }
        return row.toString();
    }

    private String pair(Contender contender, Workload workload, Measure client, Measure server) {
        return String.format(
                "%" + COST + "s",
                Numbers.format(results.median(contender, workload, client)) + " / "
                        + Numbers.format(results.median(contender, workload, server)));
    }

    private static String pad(String text, int width) {
        return String.format("%-" + width + "s", text);
    }
}
