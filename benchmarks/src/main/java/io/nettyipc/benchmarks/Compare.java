/* Copyright 2026 The Netty IPC Authors. Licensed under the Apache License, Version 2.0; see LICENSE. */
package io.nettyipc.benchmarks;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;

/**
 * Compares the named pipe with TCP loopback between two processes on this machine.
 *
 * <pre>mvn -q -pl benchmarks -am compile -Dbenchmark=Compare</pre>
 *
 * <p>This process is the client and starts the server's. In each round all contenders are measured, in slices of tens of
 * milliseconds between which they take turns, so that all of them meet the same disturbances; a ratio is taken within a
 * round. One untimed round comes first.
 */
public final class Compare {
    private static final int MIN_ROUNDS = 3;

    private final List<Contender> contenders;
    private final List<Workload> workloads;
    private final int maxRounds;
    private final long deadline;
    private final Results results;
    private final ProgressBar progress;

    private Compare(Options options) {
        contenders = options.contenders.stream().filter(Contender::isAvailable).toList();
        workloads = Workload.all(options.file);
        maxRounds = options.rounds;
        deadline = System.nanoTime() + options.seconds * 1_000_000_000L;
        results = new Results(contenders);
        progress = new ProgressBar((1 + maxRounds)
                * contenders.size()
                * workloads.stream().mapToInt(Workload::slices).sum());
    }

    public static void main(String[] args) {
        Options options;
        try {
            options = Options.parse(args);
        } catch (IllegalArgumentException e) {
            System.err.println(e.getMessage());
            System.exit(2);
            return;
        }
        Compare compare = new Compare(options);
        try {
            int rounds = compare.run();
            compare.report(options, rounds);
            System.exit(0);
        } catch (Exception e) {
            compare.progress.clear();
            System.err.println("compare: " + e.getMessage());
            if (options.verbose) {
                e.printStackTrace();
            }
            System.exit(1);
        }
    }

    private int run() throws IOException, InterruptedException {
        try (ServerProcess server = new ServerProcess()) {
            try {
                return rounds(server);
            } catch (IOException e) {
                // Its end explains whatever went wrong with the connection.
                throw server.explain(e);
            }
        } finally {
            progress.clear();
        }
    }

    private int rounds(ServerProcess server) throws IOException, InterruptedException {
        round(0, server);
        int rounds = 0;
        long longest = 0;
        while (rounds < maxRounds && (rounds < MIN_ROUNDS || System.nanoTime() + longest < deadline)) {
            long start = System.nanoTime();
            round(++rounds, server);
            longest = Math.max(longest, System.nanoTime() - start);
        }
        return rounds;
    }

    private void round(int round, ServerProcess server) throws IOException, InterruptedException {
        List<Lane> lanes = new ArrayList<>();
        for (Contender contender : contenders) {
            lanes.add(open(contender, round, server));
        }
        for (int i = 0; i < workloads.size(); i++) {
            measure(lanes, i, (round == 0 ? "warm-up: " : "round " + round + ": "));
        }
        for (Lane lane : lanes) {
            if (round > 0) {
                results.add(lane.contender(), lane.figures());
            }
            // After a failure nothing is closed one by one: both processes end.
            lane.close();
        }
    }

    private static Lane open(Contender contender, int round, ServerProcess server) throws IOException {
        String name = "nettyipc-compare-" + ProcessHandle.current().pid() + '-' + round + '-' + contender.id();
        try {
            return new Lane(contender, server, name);
        } catch (IOException e) {
            throw new IOException(contender.label() + ": " + e.getMessage(), e);
        }
    }

    private void measure(List<Lane> lanes, int workloadIndex, String prefix) throws IOException, InterruptedException {
        Workload workload = workloads.get(workloadIndex);
        // Each goes first in turn: whoever follows a busy contender finds a warmer processor or a fuller heap.
        List<Lane> order = new ArrayList<>(lanes);
        for (int slice = 0; slice < workload.slices(); slice++) {
            for (Lane lane : order) {
                progress.step(
                        prefix + workload.title() + ", " + lane.contender().label());
                try {
                    if (slice == 0) {
                        lane.begin(workload, workloadIndex);
                    }
                    lane.slice();
                } catch (IOException e) {
                    throw new IOException(
                            lane.contender().label() + ", " + workload.title() + ": " + e.getMessage(), e);
                }
            }
            Collections.rotate(order, 1);
        }
        for (Lane lane : lanes) {
            lane.end();
        }
    }

    private void report(Options options, int rounds) throws IOException {
        System.out.printf(
                Locale.ROOT,
                "%n%s %s, Java %s, %d processors, %d rounds; file: %s (%.0f MB)%n%n",
                System.getProperty("os.name"),
                System.getProperty("os.arch"),
                System.getProperty("java.version"),
                Runtime.getRuntime().availableProcessors(),
                rounds,
                options.file,
                Files.size(options.file) / 1e6);
        Report report = new Report(results, System.out);
        report.printFigures(options.contenders);
        for (Contender baseline : results.contenders()) {
            if (baseline.addresses() == Addresses.TCP_LOOPBACK) {
                report.printRatios(baseline);
            }
        }
        report.printCosts("64 B round trip", Metric.ROUND_TRIP_COSTS);
        report.printCosts("64 KiB write", Metric.STREAM_COSTS);
        System.out.println(
                "Figures are medians of the rounds. A ratio is the median of the rounds' ratios (lowest..highest);"
                        + "\n\"no diff.\": some rounds were better, others worse. Compare ratios, never times from different runs.");
    }

    /** The command line. */
    private static final class Options {
        private static final String USAGE =
                "usage: Compare [--rounds N] [--seconds N] [--file PATH] " + "[--contenders ID,ID...] [--verbose]";

        private Path file = Path.of(System.getProperty("java.home"), "lib", "modules");
        private List<Contender> contenders = Contender.all();
        private int rounds = 7;
        private int seconds = 45;
        private boolean verbose;

        static Options parse(String[] args) {
            Options options = new Options();
            try {
                for (int i = 0; i < args.length; i++) {
                    switch (args[i]) {
                        case "--rounds" -> options.rounds = Integer.parseInt(args[++i]);
                        case "--seconds" -> options.seconds = Integer.parseInt(args[++i]);
                        case "--file" -> options.file = Path.of(args[++i]);
                        case "--contenders" ->
                            options.contenders = List.of(args[++i].split(",", -1)).stream()
                                    .map(Contender::byId)
                                    .toList();
                        case "--verbose" -> options.verbose = true;
                        default -> throw new IllegalArgumentException(USAGE);
                    }
                }
            } catch (ArrayIndexOutOfBoundsException | NumberFormatException e) {
                throw new IllegalArgumentException(USAGE, e);
            }
            if (options.rounds < 1) {
                throw new IllegalArgumentException("--rounds: at least 1");
            }
            if (!Files.isRegularFile(options.file) || !Files.isReadable(options.file)) {
                throw new IllegalArgumentException("not a readable file: " + options.file);
            }
            return options;
        }
    }
}
