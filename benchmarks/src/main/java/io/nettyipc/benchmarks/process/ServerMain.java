/* Copyright 2026 The Netty IPC Authors. Licensed under the Apache License, Version 2.0; see LICENSE. */
package io.nettyipc.benchmarks.process;

import io.nettyipc.benchmarks.contender.Contenders;
import io.nettyipc.benchmarks.contender.Server;
import io.nettyipc.benchmarks.transport.Counters;
import io.nettyipc.benchmarks.workload.Workload;
import io.nettyipc.benchmarks.workload.Workloads;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.IntSupplier;

/** The server's JVM. See {@link ServerProcess} for how it is told what to do. */
final class ServerMain {
    private final List<Workload> workloads;
    private final Map<String, Server> servers = new ConcurrentHashMap<>();

    private ServerMain(List<Workload> workloads) {
        this.workloads = workloads;
    }

    /** Takes the workloads' names. */
    public static void main(String[] args) throws IOException {
        ServerMain server = new ServerMain(Workloads.workloads(new Workloads(null).byIds(List.of(args))));
        Runtime.getRuntime().addShutdownHook(new Thread(server::closeAll, "close-servers"));
        CommandLoop.run(server::run);
    }

    private String run(String[] command) throws IOException, InterruptedException {
        if (command[0].equals("settle")) {
            return Long.toString(Compilers.settle());
        }
        String id = command[1];
        switch (command[0]) {
            case "open" -> {
                Server server = Contenders.byId(id).listen(command[2], workloads, ports(Integer.parseInt(command[3])));
                servers.put(id, server);
                return server.location();
            }
            case "resume" -> {
                return format(servers.get(id).side().resume());
            }
            case "pause" -> {
                return format(servers.get(id).side().pause());
            }
            case "thread" -> {
                return Long.toString(servers.get(id).side().threadId());
            }
            case "close" -> {
                servers.remove(id).close();
                return "";
            }
            default -> throw new IllegalArgumentException("unknown command");
        }
    }

    /** That port and those after it, or 0 again and again. */
    private static IntSupplier ports(int first) {
        return first == 0 ? () -> 0 : new AtomicInteger(first)::getAndIncrement;
    }

    private static String format(Counters counters) {
        return counters.cpuNanos() + " " + counters.allocatedBytes();
    }

    /** Lets socket files disappear. */
    private void closeAll() {
        for (Server server : servers.values()) {
            try {
                server.close();
            } catch (IOException | InterruptedException | RuntimeException e) {
                System.err.println("closing a server: " + e);
            }
        }
    }
}
