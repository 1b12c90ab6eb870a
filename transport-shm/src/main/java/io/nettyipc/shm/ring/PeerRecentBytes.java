/* Copyright 2026 The Netty IPC Authors. Licensed under the Apache License, Version 2.0; see LICENSE. */
package io.nettyipc.shm.ring;

import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;

/** The other end of {@link RecentBytes}. */
final class PeerRecentBytes {

    private final ByteBuffer memory;
    private final long address;

    /** For a segment at that address. */
    PeerRecentBytes(ByteBuffer memory, long address) {
        this.memory = memory;
        this.address = address + RingLayout.RECENT;
    }

    /**
     * Copies the bytes between two places, {@link RecentBytes#SIZE} at most, to an address.
     *
     * @param to the tail
     * @return whether it was those bytes that were copied
     */
    boolean copy(long from, long to, long target) {
        int source = (int) (from & (RecentBytes.SIZE - 1));
        int length = (int) (to - from);
        int first = Math.min(length, RecentBytes.SIZE - source);
        AddressCopy.copy(address + source, target, first);
        if (first < length) {
            AddressCopy.copy(address, target + first, length - first);
        }
        VarHandle.loadLoadFence();
        long end = Words.getAcquire(memory, RingLayout.RECENT_END);
        return end >= to && end <= from + RecentBytes.SIZE;
    }
}
