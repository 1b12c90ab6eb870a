/* Copyright 2026 The Netty IPC Authors. Licensed under the Apache License, Version 2.0; see LICENSE. */
package io.nettyipc.codec.call;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOutboundHandlerAdapter;
import io.netty.channel.ChannelPromise;
import io.netty.channel.embedded.EmbeddedChannel;

/** A peer that doesn't read until it is told to: flushes go no further. */
final class Unread extends ChannelOutboundHandlerAdapter {

    /** Written so far. */
    long bytes;

    private boolean reading;

    @Override
    public void write(ChannelHandlerContext ctx, Object msg, ChannelPromise promise) {
        bytes += ((ByteBuf) msg).readableBytes();
        ctx.write(msg, promise);
    }

    @Override
    public void flush(ChannelHandlerContext ctx) {
        if (reading) {
            ctx.flush();
        }
    }

    /** Reads everything from now on. */
    void readOn(EmbeddedChannel channel) {
        reading = true;
        channel.flush();
        channel.runPendingTasks();
    }
}
