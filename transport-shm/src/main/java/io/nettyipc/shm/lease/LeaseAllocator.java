/* Copyright 2026 The Netty IPC Authors. Licensed under the Apache License, Version 2.0; see LICENSE. */
package io.nettyipc.shm.lease;

import io.netty.buffer.AbstractByteBufAllocator;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;

/** Allocates large direct buffers in a connection's slots, and all others elsewhere. For any thread. */
final class LeaseAllocator extends AbstractByteBufAllocator {

    private final LeaseSender sender;
    private final int threshold;
    private final ByteBufAllocator fallback;

    LeaseAllocator(LeaseSender sender, int threshold, ByteBufAllocator fallback) {
        super(true);
        this.sender = sender;
        this.threshold = threshold;
        this.fallback = fallback;
    }

    ByteBufAllocator fallback() {
        return fallback;
    }

    @Override
    protected ByteBuf newHeapBuffer(int initialCapacity, int maxCapacity) {
        return fallback.heapBuffer(initialCapacity, maxCapacity);
    }

    @Override
    protected ByteBuf newDirectBuffer(int initialCapacity, int maxCapacity) {
        SlotBuf slot = initialCapacity < threshold ? null : sender.allocate(initialCapacity, maxCapacity);
        return slot == null ? fallback.directBuffer(initialCapacity, maxCapacity) : tracked(slot);
    }

    /** As Netty's allocators track theirs. */
    static ByteBuf tracked(ByteBuf buffer) {
        return toLeakAwareBuffer(buffer);
    }

    @Override
    public boolean isDirectBufferPooled() {
        return true;
    }
}
