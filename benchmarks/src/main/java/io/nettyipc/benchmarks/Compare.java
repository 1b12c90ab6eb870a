/* Copyright 2026 The Netty IPC Authors. Licensed under the Apache License, Version 2.0; see LICENSE. */
package io.nettyipc.benchmarks;

import io.nettyipc.benchmarks.contender.Contender;
import io.nettyipc.benchmarks.process.BusyProcesses;
import io.nettyipc.benchmarks.process.IdleProcess;
import io.nettyipc.benchmarks.report.Machine;
import io.nettyipc.benchmarks.report.ProgressBar;
import io.nettyipc.benchmarks.report.ReportFiles;
import io.nettyipc.benchmarks.report.Results;
import io.nettyipc.benchmarks.report.Run;
import io.nettyipc.benchmarks.report.TextReport;
import io.nettyipc.benchmarks.workload.IdleConnections;
import io.nettyipc.benchmarks.workload.Topic;
import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Compares ways to carry messages between two processes on this machine: named pipes and shared memory with sockets and
 * others. Each has two JVMs of its own, a client and a server.
 *
 * <pre>mvn -q -pl benchmarks -am compile -Dbenchmark=Compare</pre>
 */
public final class Compare {
    private final Options options;
    private final List<Contender> contenders;
    private final Results results = new Results();
    private final ProgressBar progress;
    private int rounds = 1;
    private int slowPercent;

    private Compare(Options options) {
        this.options = options;
        contenders = options.contenders().stream()
                .filter(c -> c.unavailable() == null)
                .toList();
        progress = new ProgressBar(Rounds.steps(contenders.size(), options), options.seconds());
    }

    public static void main(String[] args) {
        Options options;
        try {
            options = Options.parse(args);
        } catch (IllegalArgumentException e) {
            System.err.println("compare: " + e.getMessage());
            System.exit(2);
            return;
        }
        Compare compare = new Compare(options);
        try {
            Memory.check(options);
            compare.report(compare.run());
            System.exit(0);
        } catch (Exception | OutOfMemoryError e) {
            compare.progress.clear();
            System.err.println("compare: " + (e instanceof IOException ? e.getMessage() : e.toString()));
            if (options.verbose()) {
                e.printStackTrace();
            }
            System.exit(1);
        }
    }

    private Run run() throws IOException, InterruptedException {
        String systemCalls = options.calls() ? SystemCalls.unavailable() : "needs --system-calls or --full";
        BusyProcesses others = new BusyProcesses(options.busy());
        try {
            if (!options.workloads().isEmpty()) {
                measure(systemCalls == null);
            }
            measureIdle();
        } finally {
            others.close();
        }
        progress.clear();
        return new Run(
                Machine.current(),
                options.contenders(),
                options.topics(),
                options.baseline(),
                rounds,
                options.busy(),
                slowPercent,
                systemCalls,
                results);
    }

    private void measure(boolean countSystemCalls) throws IOException, InterruptedException {
        Map<Contender, LaneProcess> lanes = new LinkedHashMap<>();
        try {
            for (Contender contender : contenders) {
                lanes.put(
                        contender,
                        new LaneProcess(
                                "client's",
                                System.getProperty("java.class.path"),
                                options.file(),
                                options.maxSliceMillis(),
                                options.workloads()));
            }
            Rounds all = new Rounds(lanes, options, results, progress, countSystemCalls);
            rounds = all.run();
            slowPercent = all.slowPercent();
        } finally {
            lanes.values().forEach(LaneProcess::close);
        }
    }

    private void measureIdle() throws IOException, InterruptedException {
        for (Topic topic : options.topics()) {
            if (topic instanceof IdleConnections idle) {
                for (Contender contender : contenders) {
                    progress.step(idle.title() + ", " + contender.label());
                    if (contender.unsupported(idle) == null) {
                        try {
                            results.add(contender, idle, IdleProcess.measure(contender, idle));
                        } catch (IOException e) {
                            throw new IOException(contender.label() + ": " + e.getMessage(), e);
                        }
                    }
                }
            }
        }
    }

    private void report(Run run) throws IOException {
        new TextReport(run, System.out).print();
        Path page = new ReportFiles(run, options.output()).write();
        System.out.println("\nWith charts: " + page.toAbsolutePath().normalize().toUri());
    }
}
