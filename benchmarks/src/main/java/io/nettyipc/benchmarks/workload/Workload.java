/* Copyright 2026 The Netty IPC Authors. Licensed under the Apache License, Version 2.0; see LICENSE. */
package io.nettyipc.benchmarks.workload;

import io.netty.channel.ChannelPipeline;
import io.nettyipc.benchmarks.contender.NettyClient;
import java.io.IOException;
import java.util.List;

/** What is sent over a contender's connections, and what of it is measured. */
public interface Workload {
    /** How the two processes, and the user, name it. */
    String id();

    /** How tables name it. */
    String title();

    /** What counts as one operation: the costs are per that. */
    String operation();

    /** What is shown of it, the most important first. */
    List<Measure> measures();

    /**
     * Into how many slices a round is cut, between which the contenders take turns. With a single one, a contender's
     * connections are open during its turn only.
     */
    default int slices() {
        return 8;
    }

    default int sliceMillis() {
        return 25;
    }

    /** Adds the server's handlers. They see what comes after the connection's first byte, which chose the workload. */
    void initServer(ChannelPipeline pipeline);

    /**
     * Connects the client.
     *
     * @param index the byte by which a connection chooses this workload
     */
    Session open(NettyClient client, int index) throws IOException, InterruptedException;
}
