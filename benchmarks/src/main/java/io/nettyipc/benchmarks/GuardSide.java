/* Copyright 2026 The Netty IPC Authors. Licensed under the Apache License, Version 2.0; see LICENSE. */
package io.nettyipc.benchmarks;

import io.nettyipc.benchmarks.contender.Contender;
import io.nettyipc.benchmarks.contender.Contenders;
import io.nettyipc.benchmarks.process.CommandLoop;
import io.nettyipc.benchmarks.process.Compilers;
import io.nettyipc.benchmarks.process.ServerProcess;
import io.nettyipc.benchmarks.workload.Figures;
import io.nettyipc.benchmarks.workload.Measure;
import io.nettyipc.benchmarks.workload.Workload;
import io.nettyipc.benchmarks.workload.Workloads;
import java.io.IOException;
import java.util.List;
import java.util.Map;

/** The client's JVM of one version in a {@link Guard}; it starts the server's of the same version. */
final class GuardSide {
    private final List<Workload> workloads;
    private final ServerProcess server;
    private Lane lane;

    private GuardSide(List<Workload> workloads) throws IOException {
        this.workloads = workloads;
        server = new ServerProcess(workloads, 0);
    }

    /** Takes the workloads' names. */
    public static void main(String[] args) throws IOException {
        GuardSide side = new GuardSide(Workloads.workloads(new Workloads(null).byIds(List.of(args))));
        CommandLoop.run(side::run);
    }

    private String run(String[] command) throws IOException, InterruptedException {
        try {
            return switch (command[0]) {
                case "unavailable" -> unavailable(command[1]);
                case "begin" -> begin(Contenders.byId(command[1]), Integer.parseInt(command[2]), command[3]);
                case "slice" -> Long.toString(lane.slice());
                case "settle" -> Long.toString(Compilers.settle() + server.settleCompilers());
                case "end" -> end(Measure.valueOf(command[1]));
                default -> throw new IllegalArgumentException("unknown command");
            };
        } catch (IOException e) {
            throw server.explain(e);
        }
    }

    /** A version may lack a transport, or its API may be another. */
    private static String unavailable(String contender) {
        try {
            String reason = Contenders.byId(contender).unavailable();
            return reason == null ? "" : reason;
        } catch (LinkageError e) {
            return "the other commit has no such API: " + e;
        }
    }

    private String begin(Contender contender, int workload, String round) throws IOException, InterruptedException {
        String name =
                "nettyipc-guard-" + ProcessHandle.current().pid() + '-' + round + '-' + workload + '-' + contender.id();
        lane = new Lane(contender, server, name, workloads);
        lane.begin(workloads.get(workload), workload);
        return "";
    }

    private String end(Measure measure) throws IOException, InterruptedException {
        Figures figures = lane.end();
        lane.close();
        Map<Measure, Double> values = figures.values();
        return values.get(measure) + " " + values.get(Measure.CLIENT_CPU) + " " + values.get(Measure.SERVER_CPU) + " "
                + values.get(Measure.CLIENT_HEAP) + " " + values.get(Measure.SERVER_HEAP);
    }
}
