/* Copyright 2026 The Netty IPC Authors. Licensed under the Apache License, Version 2.0; see LICENSE. */
package io.nettyipc.shm;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandler.Sharable;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;

/**
 * Copies messages that lie in the peer's memory ({@link ShmChannel#sharedAllocator()}), for handlers behind it that
 * change what they read in place, or that must not see the peer change it: {@code SslHandler} with the JDK's engine,
 * WebSocket frames with a mask, parsers that read a byte twice. Put it before them. May be added to many pipelines.
 */
@Sharable
@SuppressWarnings("exports") // Users of the module see what Netty's types declare.
public final class ShmLeaseCopyHandler extends ChannelInboundHandlerAdapter {

    /** May be added to many pipelines. */
    public ShmLeaseCopyHandler() {}

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object msg) {
        if (msg instanceof ByteBuf lease && lease.isReadOnly()) {
            ByteBuf copy;
            try {
                copy = ctx.alloc().directBuffer(lease.readableBytes()).writeBytes(lease);
            } finally {
                lease.release();
            }
            ctx.fireChannelRead(copy);
        } else {
            ctx.fireChannelRead(msg);
        }
    }
}
