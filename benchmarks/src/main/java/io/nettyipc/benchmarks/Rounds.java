/* Copyright 2026 The Netty IPC Authors. Licensed under the Apache License, Version 2.0; see LICENSE. */
package io.nettyipc.benchmarks;

import io.nettyipc.benchmarks.contender.Contender;
import io.nettyipc.benchmarks.process.Compilers;
import io.nettyipc.benchmarks.process.ServerProcess;
import io.nettyipc.benchmarks.report.ProgressBar;
import io.nettyipc.benchmarks.report.Results;
import io.nettyipc.benchmarks.workload.Measure;
import io.nettyipc.benchmarks.workload.Workload;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;

/**
 * Measures every contender in each round, in slices of tens of milliseconds between which they take turns, so that all of
 * them meet the same disturbances. Warm-ups come first, and a round that counts system calls last.
 */
final class Rounds {
    private static final int MIN_ROUNDS = 3;
    /** Closing and opening what is measured shows the compilers what they had thought impossible, and they begin again. */
    static final int WARM_UPS = 3;

    private final List<Contender> contenders;
    private final List<Workload> workloads;
    private final ServerProcess server;
    private final Results results;
    private final ProgressBar progress;
    private final int maxRounds;
    private final long deadline;
    private final boolean countSystemCalls;
    /** The same in each run. */
    private final Random random = new Random(1);

    /** Up to 0 they are warm-ups. */
    private int round;

    Rounds(
            List<Contender> contenders,
            Options options,
            ServerProcess server,
            Results results,
            ProgressBar progress,
            boolean countSystemCalls) {
        this.contenders = contenders;
        workloads = options.workloads();
        this.server = server;
        this.results = results;
        this.progress = progress;
        round = -options.warmUps();
        maxRounds = options.rounds();
        deadline = System.nanoTime() + options.seconds() * 1_000_000_000L;
        this.countSystemCalls = countSystemCalls;
    }

    /** How many steps of the progress bar all rounds have at most. */
    static int steps(int contenders, Options options) {
        int slices = options.workloads().stream().mapToInt(Workload::slices).sum();
        return contenders
                * ((options.warmUps() + options.rounds()) * slices
                        + options.topics().size());
    }

    /** Runs all and returns how many counted. */
    int run() throws IOException, InterruptedException {
        while (round < 0) {
            round++;
            round(false);
        }
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
        List<Lane> lanes = new ArrayList<>();
        for (Contender contender : contenders) {
            lanes.add(open(contender, systemCalls));
        }
        for (int i = 0; i < workloads.size(); i++) {
            Workload workload = workloads.get(i);
            List<Lane> able = new ArrayList<>(lanes);
            able.removeIf(lane -> lane.contender().unsupported(workload) != null);
            if (systemCalls) {
                if (workload.countsSystemCalls()) {
                    countSystemCalls(able, workload, i);
                }
            } else if (workload.slices() == 1) {
                // As slow as these are, one warm-up will do.
                if (round >= 0) {
                    for (Lane lane : able) {
                        measure(List.of(lane), workload, i);
                    }
                }
            } else if (round < 1) {
                warmUp(able, workload, i);
            } else {
                measure(able, workload, i);
            }
        }
        for (Lane lane : lanes) {
            // After a failure nothing is closed one by one: both processes end.
            lane.close();
        }
    }

    private Lane open(Contender contender, boolean systemCalls) throws IOException, InterruptedException {
        String name = "nettyipc-compare-" + ProcessHandle.current().pid() + '-' + (systemCalls ? "calls" : round) + '-'
                + contender.id();
        try {
            return new Lane(contender, server, name, workloads);
        } catch (IOException e) {
            throw new IOException(contender.label() + ": " + e.getMessage(), e);
        }
    }

    /** A slice of each in turn, until none becomes faster any more. */
    private void warmUp(List<Lane> lanes, Workload workload, int index) throws IOException, InterruptedException {
        Map<Lane, WarmUp> cold = new LinkedHashMap<>();
        lanes.forEach(lane -> cold.put(lane, new WarmUp(workload)));
        for (int slice = 0; !cold.isEmpty(); slice++) {
            for (Map.Entry<Lane, WarmUp> entry : cold.entrySet()) {
                Lane lane = entry.getKey();
                if (slice < workload.slices()) {
                    step(lane, workload);
                }
                entry.getValue().slice(slice(lane, workload, index, slice));
            }
            long compiled = settleCompilers();
            cold.values().forEach(state -> state.compiled(compiled));
            cold.values().removeIf(WarmUp::isOver);
        }
        for (Lane lane : lanes) {
            lane.end();
        }
    }

    /** Runs one slice, before the first of which the lane connects; returns the number of its operations. */
    private static long slice(Lane lane, Workload workload, int index, int slice)
            throws IOException, InterruptedException {
        try {
            if (slice == 0) {
                lane.begin(workload, index);
            }
            return lane.slice();
        } catch (IOException e) {
            throw failed(lane, workload, e);
        }
    }

    private void step(Lane lane, Workload workload) {
        progress.step((round < 1 ? "warm-up: " : "round " + round + ": ") + workload.title() + ", "
                + lane.contender().label());
    }

    private void measure(List<Lane> lanes, Workload workload, int index) throws IOException, InterruptedException {
        // Whoever follows one that spins, or io_uring, finds another processor: with fixed neighbours the same channels
        // as pipe and as Unix socket differed by up to a third.
        List<Lane> order = new ArrayList<>(lanes);
        for (int slice = 0; slice < workload.slices(); slice++) {
            Collections.shuffle(order, random);
            for (Lane lane : order) {
                step(lane, workload);
                slice(lane, workload, index, slice);
            }
            settleCompilers();
        }
        for (Lane lane : lanes) {
            if (round > 0) {
                results.add(lane.contender(), workload, lane.end());
            } else {
                lane.end();
            }
        }
    }

    /** Of both processes. */
    private long settleCompilers() throws IOException, InterruptedException {
        return Compilers.settle() + server.settleCompilers();
    }

    private void countSystemCalls(List<Lane> lanes, Workload workload, int index)
            throws IOException, InterruptedException {
        for (Lane lane : lanes) {
            Contender contender = lane.contender();
            progress.step("system calls: " + workload.title() + ", " + contender.label());
            try {
                lane.begin(workload, index);
                SystemCalls.Count count = lane.countSystemCalls();
                results.add(contender, workload, Measure.CLIENT_CALLS, count.client());
                results.add(contender, workload, Measure.SERVER_CALLS, count.server());
                lane.end();
            } catch (IOException e) {
                throw failed(lane, workload, e);
            }
        }
    }

    private static IOException failed(Lane lane, Workload workload, IOException e) {
        return new IOException(lane.contender().label() + ", " + workload.title() + ": " + e.getMessage(), e);
    }
}
