/* Copyright 2026 The Netty IPC Authors. Licensed under the Apache License, Version 2.0; see LICENSE. */
package io.nettyipc.shm.ring;

import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;

/**
 * The stream's last bytes once more, in the cache line of its tail and the neighbour that comes along with it. Who waits
 * for a short message fetches that line anyway, and need not fetch another from the ring: that fetch is a fifth of a round
 * trip's time.
 *
 * <p>A byte's place is its number modulo the size, so that a new byte takes the place of an old one, which the reader may
 * be copying: nobody waits here for space. So the writer says first how far it goes, and the reader looks at that last:
 *
 * <pre>
 *   writer ({@link RecentBytes})              reader ({@link PeerRecentBytes})
 *   end = place behind the new bytes          look at the tail   (acquire)
 *   store-store fence                         copy the bytes up to it
 *   bytes                                     load-load fence
 *   tail = the same place   (release)         look at the end: may any of them be overwritten?
 *                                               yes: copy them from the ring
 * </pre>
 *
 * <p>A peer that stores nonsense here spoils its own bytes and nothing else: whatever the end says, the reader copies from
 * places that it alone computes. A peer that stores nothing here, because it can't copy by address, leaves the end at 0.
 */
final class RecentBytes {

    static final int SIZE = 64;

    private final ByteBuffer memory;
    private final long address;
    private final long ring;
    private final int capacity;

    /** Begins with none; for a segment at that address. */
    RecentBytes(ByteBuffer memory, long address, int capacity) {
        this.memory = memory;
        this.address = address + RingLayout.RECENT;
        this.capacity = capacity;
        ring = address + RingLayout.DATA;
    }

    /**
     * Adds what was written to the ring between two places. To be called for every commit, before the tail is stored:
     * who sees a tail finds all of the last bytes before it here, until the end says otherwise.
     */
    void add(long from, long to) {
        Words.setRelease(memory, RingLayout.RECENT_END, to);
        VarHandle.storeStoreFence();
        for (long place = Math.max(from, to - SIZE); place < to; ) {
            int source = (int) (place & (capacity - 1));
            int target = (int) (place & (SIZE - 1));
            int length = (int) Math.min(to - place, Math.min(capacity - source, SIZE - target));
            AddressCopy.copy(ring + source, address + target, length);
            place += length;
        }
    }
}
