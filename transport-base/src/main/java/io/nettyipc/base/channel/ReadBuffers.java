/* Copyright 2026 The Netty IPC Authors. Licensed under the Apache License, Version 2.0; see LICENSE. */
package io.nettyipc.base.channel;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.channel.RecvByteBufAllocator;

/** Buffers for reads with something to bring. */
public final class ReadBuffers {

    private static final int LEAST_BYTES = 64;

    private ReadBuffers() {}

    /**
     * What the handle allocates, but never a buffer without room: a read into that would bring nothing, as the end
     * does. The handle's {@code reset} has to come first.
     */
    @SuppressWarnings("deprecation") // RecvByteBufAllocator.Handle is what unsafe() gives
    public static ByteBuf allocate(RecvByteBufAllocator.Handle handle, ByteBufAllocator allocator) {
        ByteBuf bytes = handle.allocate(allocator);
        if (bytes.isWritable()) {
            return bytes;
        }
        bytes.release();
        return allocator.directBuffer(LEAST_BYTES, LEAST_BYTES);
    }
}
