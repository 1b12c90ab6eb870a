/* Copyright 2026 The Netty IPC Authors. Licensed under the Apache License, Version 2.0; see LICENSE. */
package io.nettyipc.benchmarks.report;

import io.nettyipc.benchmarks.workload.Measure;
import io.nettyipc.benchmarks.workload.Topic;
import java.util.Arrays;
import java.util.List;

/** What a message costs: a figure of the client's process and one of the server's. */
enum Cost {
    CPU("CPU", "processor time, us", Measure.CLIENT_CPU, Measure.SERVER_CPU),
    HEAP("heap", "heap bytes allocated", Measure.CLIENT_HEAP, Measure.SERVER_HEAP),
    CALLS("calls", "system calls", Measure.CLIENT_CALLS, Measure.SERVER_CALLS);

    final String title;
    final String description;
    final Measure client;
    final Measure server;

    Cost(String title, String description, Measure client, Measure server) {
        this.title = title;
        this.description = description;
        this.client = client;
        this.server = server;
    }

    /** Those there are figures of. */
    static List<Cost> measured(Results results, Topic topic) {
        return Arrays.stream(values())
                .filter(cost -> results.has(topic, cost.client))
                .toList();
    }
}
