/* Copyright 2026 The Netty IPC Authors. Licensed under the Apache License, Version 2.0; see LICENSE. */
package io.nettyipc.benchmarks.workload;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.ByteToMessageDecoder;
import java.util.List;

/** The server's first handler: reads the first byte and makes way for that workload's handlers. */
public final class Selector extends ByteToMessageDecoder {
    private final List<Workload> workloads;

    public Selector(List<Workload> workloads) {
        this.workloads = workloads;
    }

    @Override
    protected void decode(ChannelHandlerContext ctx, ByteBuf in, List<Object> out) {
        workloads.get(in.readByte()).initServer(ctx.pipeline());
        ctx.pipeline().remove(this);
    }
}
