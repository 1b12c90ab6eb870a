/* Copyright 2026 The Netty IPC Authors. Licensed under the Apache License, Version 2.0; see LICENSE. */
package io.nettyipc.benchmarks.workload;

import java.util.List;

/** Connections on which nothing happens: what they take. Both ends are in one process of their own. */
public record IdleConnections(int connections, int seconds) implements Topic {
    @Override
    public String id() {
        return "idle";
    }

    @Override
    public String title() {
        return connections + " idle connections";
    }

    @Override
    public List<Measure> measures() {
        return List.of(
                Measure.CONNECTION_MEMORY,
                Measure.CONNECTION_HEAP,
                Measure.CONNECTION_DIRECT,
                Measure.CONNECTION_PROCESS,
                Measure.IDLE_CPU);
    }
}
