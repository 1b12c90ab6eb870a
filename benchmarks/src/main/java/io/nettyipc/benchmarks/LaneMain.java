/* Copyright 2026 The Netty IPC Authors. Licensed under the Apache License, Version 2.0; see LICENSE. */
package io.nettyipc.benchmarks;

import io.nettyipc.benchmarks.contender.Contender;
import io.nettyipc.benchmarks.contender.Contenders;
import io.nettyipc.benchmarks.process.CommandLoop;
import io.nettyipc.benchmarks.process.Compilers;
import io.nettyipc.benchmarks.process.ServerProcess;
import io.nettyipc.benchmarks.workload.Workload;
import io.nettyipc.benchmarks.workload.Workloads;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/** The client's JVM of a {@link LaneProcess}; it starts the server's. */
final class LaneMain {
    private final List<Workload> workloads;
    private final int maxSliceMillis;
    /** Null until somebody needs one. */
    private ServerProcess server;

    private Lane lane;

    private LaneMain(List<Workload> workloads, int maxSliceMillis) {
        this.workloads = workloads;
        this.maxSliceMillis = maxSliceMillis;
    }

    /** Takes the file to send, how long a slice may take, and the workloads' names. */
    public static void main(String[] args) throws IOException {
        List<String> ids = List.of(args).subList(2, args.length);
        LaneMain main = new LaneMain(
                Workloads.workloads(new Workloads(Path.of(args[0])).byIds(ids)), Integer.parseInt(args[1]));
        CommandLoop.run(main::run);
    }

    private String run(String[] command) throws IOException, InterruptedException {
        try {
            return switch (command[0]) {
                case "unavailable" -> unavailable(command[1]);
                case "open" -> open(Contenders.byId(command[1]), command[2], Integer.parseInt(command[3]));
                case "begin" -> begin(Integer.parseInt(command[1]));
                case "slice" -> Long.toString(lane.slice());
                case "settle" -> Long.toString(Compilers.settle() + (server == null ? 0 : server.settleCompilers()));
                case "calls" -> calls();
                case "end" -> lane.end().encode();
                case "close" -> close();
                default -> throw new IllegalArgumentException("unknown command");
            };
        } catch (IOException e) {
            throw server == null ? e : server.explain(e);
        }
    }

    /** Another commit may lack a transport, or its API may be another. */
    private static String unavailable(String contender) {
        try {
            String reason = Contenders.byId(contender).unavailable();
            return reason == null ? "" : reason;
        } catch (LinkageError e) {
            return "the other commit has no such API: " + e;
        }
    }

    private String open(Contender contender, String name, int port) throws IOException, InterruptedException {
        if (server == null && !contender.isInOneProcess()) {
            server = new ServerProcess(workloads);
        }
        lane = new Lane(contender, server, name, port, workloads, maxSliceMillis);
        return "";
    }

    private String begin(int workload) throws IOException, InterruptedException {
        lane.begin(workloads.get(workload), workload);
        return "";
    }

    private String calls() throws IOException, InterruptedException {
        SystemCalls.Count count = lane.countSystemCalls();
        return count.client() + " " + count.server();
    }

    private String close() throws IOException, InterruptedException {
        lane.close();
        lane = null;
        return "";
    }
}
