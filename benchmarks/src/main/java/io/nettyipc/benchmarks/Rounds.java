/* Copyright 2026 The Netty IPC Authors. Licensed under the Apache License, Version 2.0; see LICENSE. */
package io.nettyipc.benchmarks;

import io.nettyipc.benchmarks.contender.Contender;
import io.nettyipc.benchmarks.process.Processors;
import io.nettyipc.benchmarks.report.ProgressBar;
import io.nettyipc.benchmarks.report.Results;
import io.nettyipc.benchmarks.workload.Figures;
import io.nettyipc.benchmarks.workload.Measure;
import io.nettyipc.benchmarks.workload.Workload;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.TimeUnit;

/**
 * Measures every contender in each round, in slices of tens of milliseconds between which they take turns, so that all
 * of them meet the same disturbances. Warm-ups come first, and a round that counts system calls last.
 */
final class Rounds {
    /** One shows no spread. */
    private static final int MIN_ROUNDS = 2;

    private static final double WARM_UP_SHARE = 0.5;
    /**
     * Closing and opening what is measured shows the compilers what they had thought impossible, and they begin again.
     */
    static final int WARM_UPS = 3;

    private final Map<Contender, LaneProcess> lanes;
    private final Options options;
    private final List<Workload> workloads;
    private final Results results;
    private final ProgressBar progress;
    private final int maxRounds;
    private final long warmUpDeadline;
    private final long deadline;
    private final boolean countSystemCalls;
    private final Processors processors = new Processors();
    /** The same in each run. */
    private final Random random = new Random(1);

    /** Up to 0 they are warm-ups. */
    private int round;

    /** The next TCP port to listen on; 0 if any will do. */
    private int port;

    Rounds(
            Map<Contender, LaneProcess> lanes,
            Options options,
            Results results,
            ProgressBar progress,
            boolean countSystemCalls) {
        this.lanes = lanes;
        this.options = options;
        workloads = options.workloads();
        this.results = results;
        this.progress = progress;
        round = -options.warmUps();
        maxRounds = options.rounds();
        port = options.port();
        long start = System.nanoTime();
        long nanos = TimeUnit.SECONDS.toNanos(options.seconds());
        warmUpDeadline = start + (long) (WARM_UP_SHARE * nanos);
        deadline = start + nanos;
        this.countSystemCalls = countSystemCalls;
    }

    /** How many steps of the progress bar all rounds have at most. */
    static int steps(int contenders, Options options) {
        int slices = options.workloads().stream().mapToInt(options::slices).sum();
        return contenders
                * ((options.warmUps() + options.rounds()) * slices
                        + options.topics().size());
    }

    /** How many of the slices began while something else slowed a processor down, in percent. */
    int slowPercent() {
        return processors.slowPercent();
    }

    /** Runs all and returns how many counted. */
    int run() throws IOException, InterruptedException {
        for (int first = round; round < 0 && (round == first || System.nanoTime() < warmUpDeadline); ) {
            round++;
            round(false);
        }
        round = 0;
        long longest = 0;
        while (round < maxRounds && (round < MIN_ROUNDS || System.nanoTime() + longest < deadline)) {
            round++;
            long start = System.nanoTime();
            round(false);
            longest = Math.max(longest, System.nanoTime() - start);
        }
        if (countSystemCalls) {
            round(true);
        }
        return round;
    }

    private void round(boolean systemCalls) throws IOException, InterruptedException {
        for (Contender contender : lanes.keySet()) {
            open(contender, systemCalls);
        }
        for (int i = 0; i < workloads.size(); i++) {
            Workload workload = workloads.get(i);
            List<Contender> able = new ArrayList<>(lanes.keySet());
            able.removeIf(contender -> contender.unsupported(workload) != null);
            if (systemCalls) {
                if (workload.countsSystemCalls()) {
                    countSystemCalls(able, workload, i);
                }
            } else if (workload.slices() == 1) {
                // As slow as these are, one warm-up will do.
                if (round >= 0) {
                    for (Contender contender : able) {
                        measure(List.of(contender), workload, i);
                    }
                }
            } else if (round < 1) {
                warmUp(able, workload, i);
            } else {
                measure(able, workload, i);
            }
        }
        for (LaneProcess lane : lanes.values()) {
            // After a failure nothing is closed one by one: all processes end.
            lane.closeLane();
        }
    }

    private void open(Contender contender, boolean systemCalls) throws IOException, InterruptedException {
        String name = "nettyipc-compare-" + ProcessHandle.current().pid() + '-' + (systemCalls ? "calls" : round) + '-'
                + contender.id();
        progress.show("opening " + contender.label());
        try {
            lanes.get(contender).open(contender, name, port);
            if (port != 0) {
                // Each workload may have a server of its own.
                port += 1 + workloads.size();
            }
        } catch (IOException e) {
            throw new IOException(contender.label() + ": " + e.getMessage(), e);
        }
    }

    /** A slice of each in turn, until none becomes faster any more or time is up. */
    private void warmUp(List<Contender> contenders, Workload workload, int index)
            throws IOException, InterruptedException {
        Map<Contender, WarmUp> cold = new LinkedHashMap<>();
        contenders.forEach(contender -> cold.put(contender, new WarmUp(workload)));
        for (int slice = 0; slice == 0 || (!cold.isEmpty() && System.nanoTime() < warmUpDeadline); slice++) {
            for (Map.Entry<Contender, WarmUp> entry : cold.entrySet()) {
                Contender contender = entry.getKey();
                if (slice < workload.slices()) {
                    step(contender, workload);
                }
                entry.getValue().slice(slice(contender, workload, index, slice));
            }
            long compiled = settleCompilers();
            cold.values().forEach(state -> state.compiled(compiled));
            cold.values().removeIf(WarmUp::isOver);
        }
        for (Contender contender : contenders) {
            end(contender, workload);
        }
    }

    /** Runs one slice, before the first of which the lane connects; returns the number of its operations. */
    private long slice(Contender contender, Workload workload, int index, int slice)
            throws IOException, InterruptedException {
        LaneProcess lane = lanes.get(contender);
        try {
            if (slice == 0) {
                lane.begin(index);
            }
            return lane.slice();
        } catch (IOException e) {
            throw failed(contender, workload, e);
        }
    }

    private void step(Contender contender, Workload workload) {
        progress.step(
                (round < 1 ? "warm-up: " : "round " + round + ": ") + workload.title() + ", " + contender.label());
    }

    private void measure(List<Contender> contenders, Workload workload, int index)
            throws IOException, InterruptedException {
        // Whoever follows one that spins, or io_uring, finds another processor: with fixed neighbours the same channels
        // as pipe and as Unix socket differed by up to a third.
        List<Contender> order = new ArrayList<>(contenders);
        for (int slice = 0; slice < options.slices(workload); slice++) {
            Collections.shuffle(order, random);
            for (Contender contender : order) {
                step(contender, workload);
                if (options.busy() == 0 && !options.dryRun()) {
                    processors.awaitFullSpeed();
                }
                slice(contender, workload, index, slice);
            }
            settleCompilers();
        }
        for (Contender contender : contenders) {
            Figures figures = end(contender, workload);
            if (round > 0) {
                results.add(contender, workload, figures);
            }
        }
    }

    private Figures end(Contender contender, Workload workload) throws IOException, InterruptedException {
        try {
            return lanes.get(contender).end();
        } catch (IOException e) {
            throw failed(contender, workload, e);
        }
    }

    private long settleCompilers() throws IOException, InterruptedException {
        return options.dryRun() ? 0 : LaneProcess.settleCompilers(lanes.values());
    }

    private void countSystemCalls(List<Contender> contenders, Workload workload, int index)
            throws IOException, InterruptedException {
        for (Contender contender : contenders) {
            progress.step("system calls: " + workload.title() + ", " + contender.label());
            LaneProcess lane = lanes.get(contender);
            try {
                lane.begin(index);
                SystemCalls.Count count = lane.countSystemCalls();
                results.add(contender, workload, Measure.CLIENT_CALLS, count.client());
                results.add(contender, workload, Measure.SERVER_CALLS, count.server());
                lane.end();
            } catch (IOException e) {
                throw failed(contender, workload, e);
            }
        }
    }

    private static IOException failed(Contender contender, Workload workload, IOException e) {
        return new IOException(contender.label() + ", " + workload.title() + ": " + e.getMessage(), e);
    }
}
