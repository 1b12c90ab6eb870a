/* Copyright 2026 The Netty IPC Authors. Licensed under the Apache License, Version 2.0; see LICENSE. */
package io.nettyipc.benchmarks.workload;

import java.net.SocketAddress;

/** A server of a workload's own, beside the one that all workloads share. */
public interface Service {
    SocketAddress address();

    /** Ends it; its event loop goes on. */
    void close();
}
