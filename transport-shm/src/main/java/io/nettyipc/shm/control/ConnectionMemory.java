/* Copyright 2026 The Netty IPC Authors. Licensed under the Apache License, Version 2.0; see LICENSE. */
package io.nettyipc.shm.control;

import io.nettyipc.shm.ring.RingGrowth;
import io.nettyipc.shm.ring.RingLayout;
import io.nettyipc.shm.ring.RingPair;
import io.nettyipc.shm.segment.Segment;

/**
 * What the rings of a connection are in, and the eventfds that are its doorbells. Whoever has it owns both.
 *
 * @param own          this side's segment
 * @param ownCapacity  of the ring in that, in bytes
 * @param peers        the view of the peer's segment
 * @param peerCapacity of the ring in that, in bytes
 * @param ownEventFd   that the peer rings; -1 if the doorbell is no eventfd
 * @param peerEventFd  that this side rings, or -1
 */
record ConnectionMemory(
        Segment own, int ownCapacity, Segment peers, int peerCapacity, int ownEventFd, int peerEventFd) {

    /** Requests and answers of most programs fit, also while the one before is not released. */
    private static final int WINDOW_AT_FIRST = 32 << 10;

    Segment.Kind kind() {
        return own.kind();
    }

    boolean isEventFd() {
        return ownEventFd != -1;
    }

    /**
     * Makes the rings, which own the segments from then on, until {@link RingPair#release}.
     *
     * @param growth asked before they use more than {@link #bytesAtFirst()}
     */
    RingPair rings(RingGrowth growth) {
        boolean bitByBit = Segment.isTakenBitByBit(kind(), RingLayout.segmentSize(RingLayout.MIN_CAPACITY));
        return new RingPair(
                own,
                windowAtFirst(kind(), ownCapacity),
                ownCapacity,
                peers,
                windowAtFirst(kind(), peerCapacity),
                peerCapacity,
                bitByBit ? growth : RingGrowth.FREE);
    }

    /** Returns how much of a ring is used until it grows: both sides have to know. */
    private static int windowAtFirst(Segment.Kind kind, int capacity) {
        return Segment.isSealedAndSmall(kind, RingLayout.segmentSize(capacity))
                ? Math.min(WINDOW_AT_FIRST, capacity)
                : capacity;
    }

    /** Returns how many bytes a ring's memory has until the ring grows; all where the system gives all at once. */
    static long bytesAtFirst(Segment.Kind kind, int capacity) {
        int size = RingLayout.segmentSize(capacity);
        return Segment.isTakenBitByBit(kind, size) ? RingLayout.segmentSize(windowAtFirst(kind, capacity)) : size;
    }

    /** Returns how many bytes both rings' memory has until they grow. */
    long bytesAtFirst() {
        return bytesAtFirst(kind(), ownCapacity) + bytesAtFirst(kind(), peerCapacity);
    }

    /** Whether the rings have never used more than {@link #bytesAtFirst}. */
    boolean isAsAtFirst() {
        return own.prepared() <= bytesAtFirst(kind(), ownCapacity)
                && peers.prepared() <= bytesAtFirst(kind(), peerCapacity);
    }

    /** Makes this side's segment one for new rings. The peer must not be looking at it. */
    void clear() {
        RingLayout.clear(own.buffer());
    }

    void close() {
        try {
            own.close();
        } finally {
            try {
                peers.close();
            } finally {
                closeEventFds();
            }
        }
    }

    private void closeEventFds() {
        if (isEventFd()) {
            Descriptors.close(ownEventFd, peerEventFd);
        }
    }
}
