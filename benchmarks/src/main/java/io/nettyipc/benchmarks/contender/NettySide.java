/* Copyright 2026 The Netty IPC Authors. Licensed under the Apache License, Version 2.0; see LICENSE. */
package io.nettyipc.benchmarks.contender;

import io.nettyipc.benchmarks.transport.NettyClient;
import io.nettyipc.benchmarks.transport.Side;
import io.nettyipc.benchmarks.workload.Session;
import io.nettyipc.benchmarks.workload.Workload;
import java.io.IOException;

/** The client's side of a Netty transport: each workload connects by the client as it needs. */
record NettySide(NettyClient client) implements Client {

    @Override
    public Side side() {
        return client.loop();
    }

    @Override
    public Session open(Workload workload, int index) throws IOException, InterruptedException {
        return workload.open(client, index);
    }

    @Override
    public void close() {
        client.close();
    }
}
