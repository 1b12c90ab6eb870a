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
 * @param seconds no further round after this time
 * @param port    the first TCP port to listen on; 0: any free ones
 * @param file    what is sent as a file
 * @param busy    how many processes keep a processor busy meanwhile
 * @param output  where the report goes
 */
record Options(
        List<Contender> contenders,
        List<Topic> topics,
        Contender baseline,
        int warmUps,
        int rounds,
        int seconds,
        int port,
        Path file,
        int busy,
        Path output,
        boolean verbose) {
    static final Path DEFAULT_FILE = Path.of(System.getProperty("java.home"), "lib", "modules");

    static final String USAGE = """
            usage: Compare [--full] [--contenders ID,ID...] [--workloads ID,ID...] [--baseline ID] [--warm-ups N]
                           [--rounds N] [--seconds N] [--port N] [--file PATH] [--busy-processes N] [--output DIR]
                           [--verbose]""";

    /**
     * Reads the arguments.
     *
     * @throws IllegalArgumentException says what is wrong
     */
    static Options parse(String[] args) {
        List<Contender> contenders = Contenders.all();
        List<String> workloadIds = null;
        boolean full = false;
        String baseline = null;
        int warmUps = Rounds.WARM_UPS;
        int rounds = 7;
        int seconds = -1;
        int port = 0;
        Path file = DEFAULT_FILE;
        int busy = 0;
        Path output = Path.of("target", "compare");
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
                    case "--warm-ups" -> warmUps = Integer.parseInt(args[++i]);
                    case "--rounds" -> rounds = Integer.parseInt(args[++i]);
                    case "--seconds" -> seconds = Integer.parseInt(args[++i]);
                    case "--port" -> port = Integer.parseInt(args[++i]);
                    case "--file" -> file = Path.of(args[++i]);
                    case "--busy-processes" -> busy = Integer.parseInt(args[++i]);
                    case "--output" -> output = Path.of(args[++i]);
                    case "--verbose" -> verbose = true;
                    default -> throw new IllegalArgumentException("unknown argument \"" + args[i] + "\"\n" + USAGE);
                }
            }
        } catch (ArrayIndexOutOfBoundsException e) {
            throw new IllegalArgumentException(args[args.length - 1] + " needs a value\n" + USAGE, e);
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException("not a number: " + e.getMessage() + '\n' + USAGE, e);
        }
        if (warmUps < 0) {
            throw new IllegalArgumentException("--warm-ups: at least 0");
        }
        if (rounds < 1) {
            throw new IllegalArgumentException("--rounds: at least 1");
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
        Contender first = baseline(baseline, contenders);
        return new Options(
                contenders,
                workloadIds != null ? workloads.byIds(workloadIds) : full ? workloads.full() : workloads.quick(first),
                first,
                warmUps,
                rounds,
                seconds > 0 ? seconds : full ? 900 : 30,
                port,
                file,
                busy,
                output,
                verbose);
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
