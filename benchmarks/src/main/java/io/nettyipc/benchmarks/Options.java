/* Copyright 2026 The Netty IPC Authors. Licensed under the Apache License, Version 2.0; see LICENSE. */
package io.nettyipc.benchmarks;

import io.nettyipc.benchmarks.contender.Contender;
import io.nettyipc.benchmarks.contender.Contenders;
import io.nettyipc.benchmarks.workload.Topic;
import io.nettyipc.benchmarks.workload.Workload;
import io.nettyipc.benchmarks.workload.Workloads;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * The command line of {@link Compare}.
 *
 * @param warmUps before the first of them
 * @param rounds  at most so many rounds
 * @param seconds no further round after this time, and no warm-up after a part of it
 * @param calls   whether system calls are counted
 * @param port    the first TCP port to listen on; 0: any free ones
 * @param file    what is sent as a file
 * @param busy    how many processes keep a processor busy meanwhile
 * @param output  where the report goes
 * @param dryRun  whether next to nothing is measured, only to see that all works
 */
record Options(
        List<Contender> contenders,
        List<Topic> topics,
        Contender baseline,
        int warmUps,
        int rounds,
        int seconds,
        boolean calls,
        int port,
        Path file,
        int busy,
        Path output,
        boolean dryRun,
        boolean verbose) {
    static final Path DEFAULT_FILE = Path.of(System.getProperty("java.home"), "lib", "modules");

    private static final int QUICK_WARM_UPS = 2;
    private static final int QUICK_ROUNDS = 3;
    private static final int QUICK_SECONDS = 60;
    private static final int FULL_ROUNDS = 7;
    private static final int FULL_SECONDS = 900;

    static final String USAGE = """
            usage: Compare [--full] [--contenders ID,ID...] [--workloads ID,ID...] [--baseline ID] [--warm-ups N]
                           [--rounds N] [--seconds N] [--system-calls] [--port N] [--file PATH] [--busy-processes N]
                           [--output DIR] [--dry-run] [--verbose]""";

    /**
     * Reads the arguments.
     *
     * @throws IllegalArgumentException says what is wrong
     */
    static Options parse(String[] args) {
        List<Contender> contenders = null;
        List<String> workloadIds = null;
        boolean full = false;
        String baseline = null;
        int warmUps = -1;
        int rounds = -1;
        int seconds = -1;
        boolean calls = false;
        int port = 0;
        Path file = DEFAULT_FILE;
        int busy = 0;
        Path output = Path.of("target", "compare");
        boolean dryRun = false;
        boolean verbose = false;
        try {
            for (int i = 0; i < args.length; i++) {
                switch (args[i]) {
                    case "--full" -> full = true;
                    case "--contenders" ->
                        contenders =
                                ids(args[++i]).stream().map(Contenders::byId).toList();
                    case "--workloads" -> workloadIds = ids(args[++i]);
                    case "--baseline" -> baseline = args[++i];
                    case "--warm-ups" -> warmUps = atLeast(0, args[i], args[++i]);
                    case "--rounds" -> rounds = atLeast(1, args[i], args[++i]);
                    case "--seconds" -> seconds = atLeast(1, args[i], args[++i]);
                    case "--system-calls" -> calls = true;
                    case "--port" -> port = Integer.parseInt(args[++i]);
                    case "--file" -> file = Path.of(args[++i]);
                    case "--busy-processes" -> busy = Integer.parseInt(args[++i]);
                    case "--output" -> output = Path.of(args[++i]);
                    case "--dry-run" -> dryRun = true;
                    case "--verbose" -> verbose = true;
                    default -> throw new IllegalArgumentException("unknown argument \"" + args[i] + "\"\n" + USAGE);
                }
            }
        } catch (ArrayIndexOutOfBoundsException e) {
            throw new IllegalArgumentException(args[args.length - 1] + " needs a value\n" + USAGE, e);
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException("not a number: " + e.getMessage() + '\n' + USAGE, e);
        }
        if (busy < 0 || busy > 64) {
            throw new IllegalArgumentException("--busy-processes: at most 64");
        }
        if (port < 0 || port > 65_535) {
            throw new IllegalArgumentException("--port: at most 65535");
        }
        if (!Files.isRegularFile(file) || !Files.isReadable(file)) {
            throw new IllegalArgumentException("not a readable file: " + file);
        }
        Workloads workloads = new Workloads(file);
        if (contenders == null) {
            contenders = full ? Contenders.all() : Contenders.quick();
        }
        return new Options(
                contenders,
                workloadIds != null ? workloads.byIds(workloadIds) : full ? workloads.full() : workloads.quick(),
                baseline(baseline, contenders),
                warmUps >= 0 ? warmUps : dryRun ? 0 : full ? Rounds.WARM_UPS : QUICK_WARM_UPS,
                rounds > 0 ? rounds : dryRun ? 1 : full ? FULL_ROUNDS : QUICK_ROUNDS,
                seconds > 0 ? seconds : full ? FULL_SECONDS : QUICK_SECONDS,
                calls || full,
                port,
                file,
                busy,
                output,
                dryRun,
                verbose);
    }

    private static int atLeast(int least, String option, String value) {
        int number = Integer.parseInt(value);
        if (number < least) {
            throw new IllegalArgumentException(option + ": at least " + least);
        }
        return number;
    }

    /** How long a slice may take. */
    int maxSliceMillis() {
        return dryRun ? 1 : Integer.MAX_VALUE;
    }

    /** Into how many slices a round of that workload is cut. */
    int slices(Workload workload) {
        return dryRun ? 1 : workload.slices();
    }

    /** The topics that go through the two processes. */
    List<Workload> workloads() {
        return Workloads.workloads(topics);
    }

    private static List<String> ids(String list) {
        return List.of(list.split(",", -1));
    }

    /** The one asked for, or the first that is there. */
    private static Contender baseline(String id, List<Contender> contenders) {
        return contenders.stream()
                .filter(c -> c.unavailable() == null && (id == null || c.id().equals(id)))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException(
                        id == null
                                ? "none of these contenders is available: "
                                        + contenders.stream()
                                                .map(c -> c.label() + " (" + c.unavailable() + ")")
                                                .toList()
                                : "--baseline: no available contender \"" + id + "\" takes part"));
    }
}
