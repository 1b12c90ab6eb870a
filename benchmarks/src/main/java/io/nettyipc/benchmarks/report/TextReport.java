/* Copyright 2026 The Netty IPC Authors. Licensed under the Apache License, Version 2.0; see LICENSE. */
package io.nettyipc.benchmarks.report;

import io.nettyipc.benchmarks.contender.Contender;
import io.nettyipc.benchmarks.workload.Measure;
import io.nettyipc.benchmarks.workload.Topic;
import java.io.PrintStream;
import java.util.List;
import java.util.Map;

/** Prints a {@link Run} as tables, one for each topic. Only ASCII: a Windows console may show nothing else. */
public final class TextReport {
    private static final int LABEL = 32;
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
        out.println(run.conditions());
        for (Topic topic : run.topics()) {
            printTable(topic);
        }
        Contrasts.of(run).forEach(this::printContrast);
        out.println();
        out.println("Figures are medians of the rounds. A ratio is that of the first figure to "
                + run.baseline().label()
                + ": how many\ntimes better, the median of the rounds' ratios (lowest..highest)."
                + " \"no difference\": some rounds were better, others worse.\nCPU: processor time of each process in"
                + " us, heap: bytes its thread"
                + " allocates, calls: its system calls; each client / server,\nfor one of what the table counts."
                + (run.systemCalls() == null ? "" : " System calls: not measured: " + run.systemCalls() + "."));
        out.println("*: it spins: its loops look for messages instead of being woken, and take a core each, always"
                + " (busy) or while\nmessages come (adaptive). The others sleep and are woken.");
        out.println("Compare ratios, never times from different runs.");
    }

    private void printContrast(String title, Map<Contender, Ratio> ratios) {
        out.println();
        out.println(title);
        out.println("-".repeat(LABEL + RATIO));
        ratios.forEach((contender, ratio) ->
                out.println(pad(run.label(contender), LABEL) + String.format("%" + RATIO + "s", ratio)));
    }

    private void printTable(Topic topic) {
        List<Cost> costs = Cost.measured(results, topic);
        out.println();
        StringBuilder heading = new StringBuilder(pad(topic.title(), LABEL));
        for (Measure measure : topic.measures()) {
            heading.append(String.format("%" + FIGURE + "s", measure.title + ' ' + measure.unit));
        }
        heading.append(String.format("%" + RATIO + "s", "ratio"));
        for (Cost cost : costs) {
            heading.append(String.format("%" + COST + "s", cost.title));
        }
        out.println(heading);
        out.println("-".repeat(heading.length()));
        for (Contender contender : run.contenders()) {
            String missing = run.missing(contender, topic);
            out.println(pad(run.label(contender), LABEL)
                    + (missing == null ? row(contender, topic, costs) : " not measured: " + missing));
        }
    }

    private String row(Contender contender, Topic topic, List<Cost> costs) {
        StringBuilder row = new StringBuilder();
        for (Measure measure : topic.measures()) {
            row.append(String.format("%" + FIGURE + "s", Numbers.format(results.median(contender, topic, measure))));
        }
        Ratio ratio =
                results.ratio(contender, run.baseline(), topic, topic.measures().get(0));
        row.append(String.format(
                "%" + RATIO + "s", contender == run.baseline() ? "baseline" : ratio == null ? "-" : ratio));
        for (Cost cost : costs) {
            row.append(String.format(
                    "%" + COST + "s",
                    Numbers.format(results.median(contender, topic, cost.client)) + " / "
                            + Numbers.format(results.median(contender, topic, cost.server))));
        }
        return row.toString();
    }

    private static String pad(String text, int width) {
        return String.format("%-" + width + "s", text);
    }
}
