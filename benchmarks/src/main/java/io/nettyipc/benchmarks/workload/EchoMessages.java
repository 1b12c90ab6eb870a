/* Copyright 2026 The Netty IPC Authors. Licensed under the Apache License, Version 2.0; see LICENSE. */
package io.nettyipc.benchmarks.workload;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;

/** Answers each message of one size with itself, when all of it has arrived. */
final class EchoMessages extends ChannelInboundHandlerAdapter {
    private final int size;
    private int received;

    EchoMessages(int size) {
        this.size = size;
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object msg) {
        received += ((ByteBuf) msg).readableBytes();
        ctx.write(msg, ctx.voidPromise());
    }

    @Override
    public void channelReadComplete(ChannelHandlerContext ctx) {
        if (received >= size) {
            received %= size;
            ctx.flush();
        }
    }
}
