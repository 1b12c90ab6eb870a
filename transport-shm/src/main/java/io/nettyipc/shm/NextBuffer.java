/* Copyright 2026 The Netty IPC Authors. Licensed under the Apache License, Version 2.0; see LICENSE. */
package io.nettyipc.shm;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.channel.RecvByteBufAllocator;

/**
 * The buffer for a channel's next read. A loop that does nothing but wait for bytes allocates it beforehand: once they are
 * there, the peer waits for an answer. For one thread.
 */
@SuppressWarnings("deprecation") // The handle is what recvBufAllocHandle() gives.
final class NextBuffer {

    private ByteBuf buffer;

    /** Allocates it, if it isn't. */
    void prepare(RecvByteBufAllocator.Handle handle, ByteBufAllocator allocator) {
        if (buffer == null) {
            buffer = handle.allocate(allocator);
        }
    }

    /** Gives it away, allocated now if need be. */
    ByteBuf take(RecvByteBufAllocator.Handle handle, ByteBufAllocator allocator) {
        prepare(handle, allocator);
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
