/* Copyright 2026 The Netty IPC Authors. Licensed under the Apache License, Version 2.0; see LICENSE. */
package io.nettyipc.shm;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelConfig;
import io.netty.channel.RecvByteBufAllocator;

/**
 * The first buffer of a channel's next read loop. A loop that does nothing but wait for bytes allocates it beforehand:
 * once they are there, the peer waits for an answer. The handle is reset before, as for any first buffer. For one
 * thread.
 */
@SuppressWarnings("deprecation") // The handle is what recvBufAllocHandle() gives.
final class NextBuffer {

    private ByteBuf buffer;

    /** Resets the handle and allocates the buffer, if that isn't done. */
    void prepare(RecvByteBufAllocator.Handle handle, ChannelConfig config) {
        if (buffer == null) {
            handle.reset(config);
            buffer = handle.allocate(config.getAllocator());
        }
    }

    /** Gives the buffer away; null if there is none, and the handle is to be reset. */
    ByteBuf take() {
        ByteBuf taken = buffer;
        buffer = null;
        return taken;
    }

    /** An idle channel has none. */
    void release() {
        if (buffer != null) {
            buffer.release();
            buffer = null;
        }
    }
}
