/* Copyright 2026 The Netty IPC Authors. Licensed under the Apache License, Version 2.0; see LICENSE. */
package io.nettyipc.base.channel;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.EmptyByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.buffer.UnpooledByteBufAllocator;
import io.netty.channel.ChannelOutboundBuffer;

/**
 * Messages whose promise was cancelled before they were flushed. Netty leaves {@link Unpooled#EMPTY_BUFFER} in the
 * outbound buffer in their place, which a user may write too; {@code forEachFlushedMessage} passes over them,
 * {@code current} and {@code remove} don't.
 */
public final class CancelledWrites {

    /** Stands for a message of the user's that is empty. */
    public static final ByteBuf EMPTY_MESSAGE = new EmptyByteBuf(UnpooledByteBufAllocator.DEFAULT);

    private CancelledWrites() {}

    /** For {@code filterOutboundMessage}: replaces an empty message that would look like a cancelled one. */
    public static Object distinct(Object msg) {
        return isCancelled(msg) ? EMPTY_MESSAGE : msg;
    }

    /** Whether a message of the outbound buffer was cancelled. */
    public static boolean isCancelled(Object msg) {
        return msg == Unpooled.EMPTY_BUFFER;
    }

    /** Takes off what was cancelled; returns the first flushed message that wasn't, or null. */
    public static Object current(ChannelOutboundBuffer in) {
        Object msg = in.current();
        while (isCancelled(msg)) {
            in.remove();
            msg = in.current();
        }
        return msg;
    }
}
