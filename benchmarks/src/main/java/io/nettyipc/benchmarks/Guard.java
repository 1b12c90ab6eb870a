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
 * Measures the transports of the working tree against those of another commit, in one run: each version has a client's and
 * a server's JVM, and they take turns slice by slice. The benchmarks themselves are the working tree's in both.
 *
 * <pre>mvn -q -pl benchmarks -am compile -Dbenchmark=Guard -Dargs=COMMIT</pre>
 */
public final class Guard {
    private static final String USAGE = "usage: Guard COMMIT [CONTENDER,... [WORKLOAD,... [ROUNDS]]]";
    private static final String CONTENDERS = "pipe,shm-none,shm-adaptive,shm-busy";
    private static final String WORKLOADS = "round-trip-64,round-trip-64k,stream-64,stream-64k";
    private static final int ROUNDS = 5;

    private final LaneProcess[] versions;
    private final Processors processors = new Processors();
    private final List<Contender> contenders;
    private final List<Workload> workloads;
    private final int rounds;
    private final ProgressBar progress;

    private Guard(LaneProcess[] versions, List<Contender> contenders, List<Workload> workloads, int rounds) {
        this.versions = versions;
        this.contenders = contenders;
        this.workloads = workloads;
        this.rounds = rounds;
        progress = new ProgressBar(contenders.size() * workloads.size() * (Rounds.WARM_UPS + rounds));
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
            String here = System.getProperty("java.class.path");
            String there = OtherCommit.classPath(args[0]);
            try (LaneProcess ours = new LaneProcess(
                            "working tree's", here, Options.DEFAULT_FILE, Integer.MAX_VALUE, workloads);
                    LaneProcess theirs = new LaneProcess(
                            "other commit's", there, Options.DEFAULT_FILE, Integer.MAX_VALUE, workloads)) {
                new Guard(new LaneProcess[] {ours, theirs}, contenders, workloads, rounds).run(args[0]);
            }
            System.exit(0);
        } catch (IllegalArgumentException e) {
            System.err.println("guard: " + e.getMessage());
            System.exit(2);
        } catch (IOException | InterruptedException e) {
            System.err.println("guard: " + e.getMessage());
            System.exit(1);
        }
    }

    private void run(String commit) throws IOException, InterruptedException {
        List<String> lines = new ArrayList<>();
        for (Contender contender : contenders) {
            for (int i = 0; i < workloads.size(); i++) {
                lines.add(String.format(
                                "%-14s%-32s", contender.id(), workloads.get(i).title())
                        + measure(contender, i));
            }
        }
        progress.clear();
        System.out.println("\n" + Machine.current() + "\nThe working tree, times better than " + commit + ":\n");
        lines.forEach(System.out::println);
        System.out.println("\nMedian of the rounds' ratios (lowest..highest); \"no difference\": the rounds disagree."
                + "\nMedian of the rounds' figures, " + commit + " -> working tree."
                + "\nCPU and heap: client / server for one message, " + commit + " -> working tree.");
    }

    /** All rounds of one pair; or why there are none. */
    private String measure(Contender contender, int workload) throws IOException, InterruptedException {
        for (LaneProcess version : versions) {
            String unavailable = version.unavailable(contender.id());
            if (!unavailable.isEmpty()) {
                return "not measured: " + unavailable;
            }
        }
        Measure measure = workloads.get(workload).measures().get(0);
        double[][] figures = new double[versions.length][rounds];
        String[] costs = new String[versions.length];
        for (int round = 1 - Rounds.WARM_UPS; round <= rounds; round++) {
            progress.step(contender.id() + ", " + workloads.get(workload).title());
            for (int v = 0; v < versions.length; v++) {
                String name = "nettyipc-guard-" + ProcessHandle.current().pid() + '-' + v + '-' + round + '-' + workload
                        + '-' + contender.id();
                versions[v].open(contender, name, 0);
                versions[v].begin(workload);
            }
            if (round < 1) {
                warmUp(workloads.get(workload));
            } else {
                measure(workloads.get(workload));
            }
            for (int v = 0; v < versions.length; v++) {
                Figures all = versions[v].end();
                versions[v].closeLane();
                if (round > 0) {
                    figures[v][round - 1] = all.values().get(measure);
                    costs[v] = costs(all);
                }
            }
        }
        String medians = Numbers.format(Ratio.median(figures[1])) + " -> " + Numbers.format(Ratio.median(figures[0]))
                + ' ' + measure.unit;
        return String.format("%-28s%-24s", Ratio.of(figures[0], figures[1], measure), medians) + "  CPU, heap "
                + costs[1] + " -> " + costs[0];
    }

    private void warmUp(Workload workload) throws IOException, InterruptedException {
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

    private void measure(Workload workload) throws IOException, InterruptedException {
        for (int slice = 0; slice < workload.slices(); slice++) {
            // Each goes first in turn.
            for (int v = 0; v < versions.length; v++) {
                processors.awaitFullSpeed();
                versions[(slice + v) % versions.length].slice();
            }
            LaneProcess.settleCompilers(List.of(versions));
        }
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
