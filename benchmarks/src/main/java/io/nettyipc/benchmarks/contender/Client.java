/* Copyright 2026 The Netty IPC Authors. Licensed under the Apache License, Version 2.0; see LICENSE. */
package io.nettyipc.benchmarks.contender;

import io.nettyipc.benchmarks.transport.Side;
import io.nettyipc.benchmarks.workload.Session;
import io.nettyipc.benchmarks.workload.Workload;
import java.io.IOException;

/** The client's side. */
public interface Client {
    Side side();

    /**
     * Prepares a workload: connects.
     *
     * @param index its place in the list of workloads that the server has
     */
    Session open(Workload workload, int index) throws IOException, InterruptedException;

    /** Closes everything. It may stand still or run. */
    void close() throws IOException, InterruptedException;
}
