/* Copyright 2026 The Netty IPC Authors. Licensed under the Apache License, Version 2.0; see LICENSE. */
package io.nettyipc.benchmarks;

import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPipeline;
import io.netty.handler.codec.ByteToMessageDecoder;
import java.nio.file.Path;
import java.util.List;

/** What is sent over a contender's connection, and what of it is measured. */
interface Workload {
    /** Every workload. A connection's first byte is the index of its workload in this list. */
    static List<Workload> all(Path file) {
        return List.of(new RoundTrips(), new Stream(), new FileTransfer(file));
    }

    String title();

    /** Adds the server's handlers. They see what comes after the first byte. */
    void initServer(ChannelPipeline pipeline);

    /**
     * Adds the client's handlers to a connected channel, sends, and records what it measured. Blocks until done; not to
     * be called from an event loop.
     */
    void measure(Channel channel, Probe probe) throws Exception;

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
