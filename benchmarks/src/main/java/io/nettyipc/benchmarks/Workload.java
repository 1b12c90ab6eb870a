/* Copyright 2026 The Netty IPC Authors. Licensed under the Apache License, Version 2.0; see LICENSE. */
package io.nettyipc.benchmarks;

import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPipeline;
import io.netty.handler.codec.ByteToMessageDecoder;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** What is sent over a contender's connection, and what of it is measured. */
interface Workload {
    /** Every workload. A connection's first byte is the index of its workload in this list. */
    static List<Workload> all(Path file) {
        return List.of(new RoundTrips(), new Stream(), new FileTransfer(file));
    }

    String title();

    /** Adds the server's handlers. They see what comes after the first byte. */
    void initServer(ChannelPipeline pipeline);

    /** Into how many slices a round is cut, between which the contenders take turns. */
    int slices();

    /** Adds the client's handlers to a connected channel. */
    Session open(Channel channel) throws IOException;

    /**
     * Where the cost of one operation goes: processor time of the client and the server, heap bytes of the client and
     * the server. Empty if it is not of interest.
     */
    List<Metric> costs();

    /** The client's side of a connection during a round. Not to be used on an event loop: {@link #run} blocks. */
    interface Session {
        /** Sends for one slice and returns the number of operations: messages there and back, or writes. */
        long run() throws IOException, InterruptedException;

        /** Forgets what was measured: that was the warm-up. */
        void reset();

        /** Puts the figures of all slices together. */
        void record(Map<Metric, Double> figures);
    }

    /** The server's first handler: reads the first byte and makes way for that workload's handlers. */
    final class Selector extends ByteToMessageDecoder {
        private final List<Workload> workloads;

        Selector(List<Workload> workloads) {
            this.workloads = workloads;
        }

        @Override
        protected void decode(ChannelHandlerContext ctx, ByteBuf in, List<Object> out) {
            workloads.get(in.readByte()).initServer(ctx.pipeline());
            ctx.pipeline().remove(this);
        }
    }
}
