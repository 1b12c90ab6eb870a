/* Copyright 2026 The Netty IPC Authors. Licensed under the Apache License, Version 2.0; see LICENSE. */
package io.nettyipc.benchmarks.workload;

import io.netty.channel.ChannelPipeline;
import io.nettyipc.benchmarks.transport.Loop;
import io.nettyipc.benchmarks.transport.NettyClient;
import io.nettyipc.benchmarks.transport.NettyTransport;
import java.io.IOException;
import java.net.SocketAddress;
import java.util.function.Supplier;

/** What is sent over a contender's connections, and what of it is measured. */
public interface Workload extends Topic {
    /**
     * Into how many slices a round is cut, between which the contenders take turns. With a single one, a contender's
     * connections are open during its turn only.
     */
    default int slices() {
        return 6;
    }

    default int sliceMillis() {
        return 25;
    }

    /** Whether its system calls are worth a round of their own. */
    default boolean countsSystemCalls() {
        return !hasLoopsOfItsOwn();
    }

    /**
     * Whether its event loops are its own and not the contender's: what the contender's thread allocates and calls says
     * nothing about it then.
     */
    default boolean hasLoopsOfItsOwn() {
        return false;
    }

    /** Why it can't be sent over that transport; null if it can. */
    default String unsupportedBy(NettyTransport transport) {
        return null;
    }

    /** Adds the server's handlers. They see what comes after the connection's first byte, which chose the workload. */
    void initServer(ChannelPipeline pipeline);

    /**
     * Starts a server of its own, if it is more than handlers; else returns null.
     *
     * @param address gives where to listen
     */
    default Service serve(Loop loop, Supplier<SocketAddress> address) throws IOException {
        return null;
    }

    /**
     * Connects the client.
     *
     * @param index the byte by which a connection chooses this workload
     */
    Session open(NettyClient client, int index) throws IOException, InterruptedException;
}
