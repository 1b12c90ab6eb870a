/* Copyright 2026 The Netty IPC Authors. Licensed under the Apache License, Version 2.0; see LICENSE. */
package io.nettyipc.benchmarks;

import java.io.IOException;
import java.util.EnumMap;
import java.util.Map;

/** Measures a round of one contender: takes the counters of both processes and keeps the figures. */
final class Probe {
    private final Loop client;
    private final ServerProcess server;
    private final Map<Metric, Double> figures = new EnumMap<>(Metric.class);

    Probe(Loop client, ServerProcess server) {
        this.client = client;
        this.server = server;
    }

    /** The counters of both processes, taken while the connection is idle. */
    record Snapshot(Counters client, Counters server) {}

    Snapshot snapshot() throws IOException {
        return new Snapshot(Counters.read(client), server.counters());
    }

    void record(Metric metric, double value) {
        figures.put(metric, value);
    }

    /** Records what one operation has cost each process since {@code before}. */
    void recordCosts(
            Snapshot before, long operations, Metric clientCpu, Metric serverCpu, Metric clientHeap, Metric serverHeap)
            throws IOException {
        Snapshot after = snapshot();
        Counters clientCost = after.client.minus(before.client);
        Counters serverCost = after.server.minus(before.server);
        record(clientCpu, clientCost.cpuNanos() / 1e3 / operations);
        record(serverCpu, serverCost.cpuNanos() / 1e3 / operations);
        record(clientHeap, (double) clientCost.allocatedBytes() / operations);
        record(serverHeap, (double) serverCost.allocatedBytes() / operations);
    }

    Map<Metric, Double> figures() {
        return figures;
    }
}
