/* Copyright 2026 The Netty IPC Authors. Licensed under the Apache License, Version 2.0; see LICENSE. */
package io.nettyipc.benchmarks;

import io.nettyipc.benchmarks.workload.FilledSlots;

/**
 * What two bare threads reach that fill messages in place and sum them in place, through four slots: the limit of the
 * workloads {@code lease-…} on this machine. {@code mvn -q -pl benchmarks -am compile -Dbenchmark=FilledLimit}, with
 * {@code -Dargs="MILLIS ROUNDS"}.
 */
public final class FilledLimit {

    private FilledLimit() {}

    /** The arguments are how long each size is measured in each round, and how many rounds. */
    public static void main(String[] args) throws InterruptedException {
        long millis = args.length > 0 ? Long.parseLong(args[0]) : 500;
        int rounds = args.length > 1 ? Integer.parseInt(args[1]) : 5;
        for (int round = -1; round < rounds; round++) {
            StringBuilder line = new StringBuilder(round < 0 ? "warm-up" : "round " + (round + 1));
            for (int size : new int[] {64 << 10, 1 << 20, 16 << 20}) {
                double rate = new FilledSlots(size).run(millis * 1_000_000) / 1e9;
                line.append(String.format("  %5d KiB %6.2f GB/s", size >> 10, rate));
            }
            System.out.println(line);
        }
    }
}
