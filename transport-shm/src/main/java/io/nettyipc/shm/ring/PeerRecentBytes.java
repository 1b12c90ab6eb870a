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
     * Copies the bytes between a place and the tail, {@link RecentBytes#SIZE} at most, to an address.
     *
     * @return whether it was those bytes that were copied
     */
    boolean copy(long from, int length, long target) {
        AddressCopy.copy(address, target, length);
        VarHandle.loadLoadFence();
        return SharedLongs.getAcquire(memory, RingLayout.RECENT_START) == from + 1;
    }
}
