/* Copyright 2026 The Netty IPC Authors. Licensed under the Apache License, Version 2.0; see LICENSE. */
package io.nettyipc.benchmarks;

import io.nettyipc.benchmarks.contender.Contender;
import io.nettyipc.benchmarks.contender.Contenders;
import io.nettyipc.benchmarks.process.Processors;
import io.nettyipc.benchmarks.report.Machine;
import io.nettyipc.benchmarks.report.Numbers;
import io.nettyipc.benchmarks.report.ProgressBar;
import io.nettyipc.benchmarks.report.Ratio;
import io.nettyipc.benchmarks.workload.Figures;
import io.nettyipc.benchmarks.workload.Measure;
import io.nettyipc.benchmarks.workload.Workload;
import io.nettyipc.benchmarks.workload.Workloads;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * Measures the transports of the working tree against those of another commit, in one run: each version has a client's
 * and a server's JVM, and they take turns slice by slice. The benchmarks themselves are the working tree's in both.
 *
 * <p>Each round has fresh JVMs. What the compilers make of a JVM's code, and where the system puts its threads, stays
 * for as long as the JVM does: in one pair of versions 64 B messages one way were 0.77x (0.58..0.95) through all
 * rounds, and 1.07x as the mean of nine pairs.
 *
 * <pre>mvn -q -pl benchmarks -am compile -Dbenchmark=Guard -Dargs=COMMIT</pre>
 */
public final class Guard {
    private static final String USAGE = "usage: Guard COMMIT [CONTENDER,... [WORKLOAD,... [ROUNDS]]]";
    private static final String CONTENDERS = "pipe,shm-none,shm-adaptive,shm-busy";
    private static final String WORKLOADS = "round-trip-64,round-trip-64k,stream-64,stream-64k";
    private static final int ROUNDS = 5;

    private static final String[] NAMES = {"working tree's", "other commit's"};

    private final String commit;
    private final String[] classPaths;
    private final Processors processors = new Processors();
    private final List<Contender> contenders;
    private final List<Workload> workloads;
    private final int rounds;
    private final ProgressBar progress;

    private Guard(String commit, List<Contender> contenders, List<Workload> workloads, int rounds)
            throws IOException, InterruptedException {
        this.commit = commit;
        classPaths = new String[] {System.getProperty("java.class.path"), OtherCommit.classPath(commit)};
        this.contenders = contenders;
        this.workloads = workloads;
        this.rounds = rounds;
        progress = new ProgressBar(contenders.size() * workloads.size() * rounds);
    }

    public static void main(String[] args) {
        try {
            if (args.length < 1 || args.length > 4) {
                throw new IllegalArgumentException(USAGE);
            }
            List<Contender> contenders = List.of((args.length > 1 ? args[1] : CONTENDERS).split(",", -1)).stream()
                    .map(Contenders::byId)
                    .toList();
            List<Workload> workloads = Workloads.workloads(
                    new Workloads(null).byIds(List.of((args.length > 2 ? args[2] : WORKLOADS).split(",", -1))));
            int rounds = args.length > 3 ? Integer.parseInt(args[3]) : ROUNDS;
            new Guard(args[0], contenders, workloads, rounds).run();
            System.exit(0);
        } catch (IllegalArgumentException e) {
            System.err.println("guard: " + e.getMessage());
            System.exit(2);
        } catch (IOException | InterruptedException e) {
            System.err.println("guard: " + e.getMessage());
            System.exit(1);
        }
    }

    private void run() throws IOException, InterruptedException {
        List<String> lines = new ArrayList<>();
        for (Contender contender : contenders) {
            List<List<Comparison>> comparisons =
                    workloads.stream().map(this::comparisons).toList();
            String unavailable = "";
            for (int round = 0; round < rounds && unavailable.isEmpty(); round++) {
                unavailable = round(contender, comparisons, round);
            }
            for (List<Comparison> ofWorkload : comparisons) {
                for (Comparison comparison : ofWorkload) {
                    lines.add(String.format("%-14s%-32s", contender.id(), comparison.title())
                            + (unavailable.isEmpty() ? comparison : "not measured: " + unavailable));
                }
            }
        }
        progress.clear();
        System.out.println("\n" + Machine.current() + "\nThe working tree, times better than " + commit + ":\n");
        lines.forEach(System.out::println);
        System.out.println(
                "\nMedian of the rounds' ratios (lowest..highest), each round with JVMs of its own; \"no difference\":"
                        + " the rounds disagree.\nMedian of the rounds' figures, " + commit + " -> working tree."
                        + "\nCPU and heap: client / server for one message, " + commit + " -> working tree.");
    }

    /**
     * Of round trips the median and the mean. The median of a closed loop counts messages, not time: where two threads
     * share a processor for a while, a version that is ten times faster there has the worse median.
     */
    private List<Comparison> comparisons(Workload workload) {
        List<Comparison> comparisons = new ArrayList<>();
        comparisons.add(new Comparison(workload, workload.measures().get(0), rounds));
        if (workload.measures().contains(Measure.MEAN)) {
            comparisons.add(new Comparison(workload, Measure.MEAN, rounds));
        }
        return comparisons;
    }

    /** Measures all workloads once; returns why it can't, or an empty text. */
    private String round(Contender contender, List<List<Comparison>> comparisons, int round)
            throws IOException, InterruptedException {
        try (LaneProcess ours = lane(0);
                LaneProcess theirs = lane(1)) {
            LaneProcess[] versions = {ours, theirs};
            for (LaneProcess version : versions) {
                String unavailable = version.unavailable(contender.id());
                if (!unavailable.isEmpty()) {
                    return unavailable;
                }
            }
            for (int workload = 0; workload < workloads.size(); workload++) {
                progress.step(contender.id() + ", " + workloads.get(workload).title());
                for (int warmUp = 1; warmUp <= Rounds.WARM_UPS; warmUp++) {
                    open(versions, contender, workload, "warm-up-" + warmUp);
                    warmUp(versions, workloads.get(workload));
                    end(versions);
                }
                open(versions, contender, workload, "round");
                measure(versions, workloads.get(workload));
                Figures[] figures = end(versions);
                comparisons.get(workload).forEach(comparison -> comparison.add(round, figures));
            }
            return "";
        }
    }

    private LaneProcess lane(int version) throws IOException {
        return new LaneProcess(NAMES[version], classPaths[version], Options.DEFAULT_FILE, Integer.MAX_VALUE, workloads);
    }

    private static void open(LaneProcess[] versions, Contender contender, int workload, String name)
            throws IOException, InterruptedException {
        for (int v = 0; v < versions.length; v++) {
            versions[v].open(
                    contender,
                    "nettyipc-guard-" + ProcessHandle.current().pid() + '-' + v + '-' + workload + '-' + name + '-'
                            + contender.id(),
                    0);
            versions[v].begin(workload);
        }
    }

    private static Figures[] end(LaneProcess[] versions) throws IOException, InterruptedException {
        Figures[] figures = new Figures[versions.length];
        for (int v = 0; v < versions.length; v++) {
            figures[v] = versions[v].end();
            versions[v].closeLane();
        }
        return figures;
    }

    private static void warmUp(LaneProcess[] versions, Workload workload) throws IOException, InterruptedException {
        WarmUp[] states = {new WarmUp(workload), new WarmUp(workload)};
        while (!states[0].isOver() || !states[1].isOver()) {
            for (int v = 0; v < versions.length; v++) {
                states[v].slice(versions[v].slice());
            }
            long compiled = LaneProcess.settleCompilers(List.of(versions));
            for (WarmUp state : states) {
                state.compiled(compiled);
            }
        }
    }

    private void measure(LaneProcess[] versions, Workload workload) throws IOException, InterruptedException {
        for (int slice = 0; slice < workload.slices(); slice++) {
            // Each goes first in turn.
            for (int v = 0; v < versions.length; v++) {
                processors.awaitFullSpeed();
                versions[(slice + v) % versions.length].slice();
            }
            LaneProcess.settleCompilers(List.of(versions));
        }
    }

    /** One of a workload's figures in both versions: the working tree's first. */
    private static final class Comparison {
        private final Workload workload;
        private final Measure measure;
        private final double[][] figures;
        private final String[] costs = new String[2];

        Comparison(Workload workload, Measure measure, int rounds) {
            this.workload = workload;
            this.measure = measure;
            figures = new double[costs.length][rounds];
        }

        String title() {
            return workload.title() + (measure == Measure.P50 || measure == Measure.MEAN ? ", " + measure.title : "");
        }

        void add(int round, Figures[] all) {
            for (int v = 0; v < all.length; v++) {
                figures[v][round] = all[v].values().get(measure);
                costs[v] = costs(all[v]);
            }
        }

        @Override
        public String toString() {
            String medians = Numbers.format(Ratio.median(figures[1])) + " -> "
                    + Numbers.format(Ratio.median(figures[0])) + ' ' + measure.unit;
            return String.format("%-28s%-24s", Ratio.of(figures[0], figures[1], measure), medians) + "  CPU, heap "
                    + costs[1] + " -> " + costs[0];
        }

        /** Processor time in us and bytes of heap, client / server. */
        private static String costs(Figures figures) {
            Map<Measure, Double> values = figures.values();
            return Numbers.format(values.get(Measure.CLIENT_CPU)) + " / "
                    + Numbers.format(values.getOrDefault(Measure.SERVER_CPU, Double.NaN)) + ", "
                    + Numbers.format(values.get(Measure.CLIENT_HEAP)) + " / "
                    + Numbers.format(values.get(Measure.SERVER_HEAP));
        }
    }
}
