/* Copyright 2026 The Netty IPC Authors. Licensed under the Apache License, Version 2.0; see LICENSE. */
package io.nettyipc.benchmarks;

import io.nettyipc.benchmarks.process.CommandProcess;
import io.nettyipc.benchmarks.report.Machine;
import io.nettyipc.benchmarks.report.Numbers;
import io.nettyipc.benchmarks.report.ProgressBar;
import io.nettyipc.benchmarks.report.Ratio;
import io.nettyipc.benchmarks.workload.Measure;
import io.nettyipc.benchmarks.workload.Workload;
import io.nettyipc.benchmarks.workload.Workloads;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

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

    private final CommandProcess[] versions;
    private final List<String> contenders;
    private final List<Workload> workloads;
    private final int rounds;
    private final ProgressBar progress;

    private Guard(CommandProcess[] versions, List<String> contenders, List<Workload> workloads, int rounds) {
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
            List<String> contenders = List.of((args.length > 1 ? args[1] : CONTENDERS).split(",", -1));
            List<String> workloads = List.of((args.length > 2 ? args[2] : WORKLOADS).split(",", -1));
            int rounds = args.length > 3 ? Integer.parseInt(args[3]) : ROUNDS;
            String here = System.getProperty("java.class.path");
            String there = OtherCommit.classPath(args[0]);
            try (CommandProcess ours = new CommandProcess("working tree's", here, GuardSide.class, workloads);
                    CommandProcess theirs = new CommandProcess("other commit's", there, GuardSide.class, workloads)) {
                new Guard(
                                new CommandProcess[] {ours, theirs},
                                contenders,
                                Workloads.workloads(new Workloads(null).byIds(workloads)),
                                rounds)
                        .run(args[0]);
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
        for (String contender : contenders) {
            for (int i = 0; i < workloads.size(); i++) {
                lines.add(
                        String.format("%-14s%-32s", contender, workloads.get(i).title()) + measure(contender, i));
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
    private String measure(String contender, int workload) throws IOException, InterruptedException {
        for (CommandProcess version : versions) {
            String unavailable = ask(version, "unavailable " + contender);
            if (!unavailable.isEmpty()) {
                return "not measured: " + unavailable;
            }
        }
        Measure measure = workloads.get(workload).measures().get(0);
        double[][] figures = new double[versions.length][rounds];
        String[] costs = new String[versions.length];
        for (int round = 1 - Rounds.WARM_UPS; round <= rounds; round++) {
            progress.step(contender + ", " + workloads.get(workload).title());
            for (CommandProcess version : versions) {
                ask(version, "begin " + contender + ' ' + workload + ' ' + round);
            }
            if (round < 1) {
                warmUp(workloads.get(workload));
            } else {
                measure(workloads.get(workload));
            }
            for (int v = 0; v < versions.length; v++) {
                String[] answer = ask(versions[v], "end " + measure.name()).split(" ", -1);
                if (round > 0) {
                    figures[v][round - 1] = Double.parseDouble(answer[0]);
                    costs[v] = String.join(" ", List.of(answer).subList(1, answer.length));
                }
            }
        }
        String medians = Numbers.format(Ratio.median(figures[1])) + " -> " + Numbers.format(Ratio.median(figures[0]))
                + ' ' + measure.unit;
        return String.format("%-28s%-24s", Ratio.of(figures[0], figures[1], measure), medians) + "  CPU, heap "
                + costs(costs[1]) + " -> " + costs(costs[0]);
    }

    private void warmUp(Workload workload) throws IOException, InterruptedException {
        WarmUp[] states = {new WarmUp(workload), new WarmUp(workload)};
        while (!states[0].isOver() || !states[1].isOver()) {
            for (int v = 0; v < versions.length; v++) {
                states[v].slice(Long.parseLong(ask(versions[v], "slice")));
            }
            long compiled = settleCompilers();
            for (WarmUp state : states) {
                state.compiled(compiled);
            }
        }
    }

    private void measure(Workload workload) throws IOException, InterruptedException {
        for (int slice = 0; slice < workload.slices(); slice++) {
            // Each goes first in turn.
            ask(versions[slice % 2], "slice");
            ask(versions[(slice + 1) % 2], "slice");
            settleCompilers();
        }
    }

    /** Of all four processes. */
    private long settleCompilers() throws IOException, InterruptedException {
        long compiled = 0;
        for (CommandProcess version : versions) {
            compiled += Long.parseLong(ask(version, "settle"));
        }
        return compiled;
    }

    /** Processor time in us and bytes of heap, client / server. */
    private static String costs(String answer) {
        String[] c = answer.split(" ", -1);
        return Numbers.format(Double.parseDouble(c[0])) + " / " + Numbers.format(Double.parseDouble(c[1])) + ", "
                + Numbers.format(Double.parseDouble(c[2])) + " / " + Numbers.format(Double.parseDouble(c[3]));
    }

    private static String ask(CommandProcess version, String command) throws IOException, InterruptedException {
        try {
            return version.ask(command);
        } catch (IOException e) {
            throw version.explain(e);
        }
    }
}
