/* Copyright 2026 The Netty IPC Authors. Licensed under the Apache License, Version 2.0; see LICENSE. */
package io.nettyipc.shm.lease;

import io.netty.buffer.ByteBufAllocator;
import io.nettyipc.shm.ring.RingMemory;

/**
 * One side's leases: those it gives of its own memory and those it takes of the peer's, either of which may be missing.
 * It owns the two memories; they are unmapped when it is closed and no buffer is left that lies in them.
 */
public final class LeasePair implements AutoCloseable {

    private final LeaseMemory memory;
    private final LeaseLayout ownLayout;
    private final LeaseLayout peerLayout;
    private LeaseSender sender;
    private LeaseReceiver receiver;

    /**
     * @param own        this side's memory, zeroed
     * @param ownLayout  what is in it
     * @param peer       the view of the peer's memory
     * @param peerLayout what is in that
     */
    public LeasePair(RingMemory own, LeaseLayout ownLayout, RingMemory peer, LeaseLayout peerLayout) {
        checkSize("own", own, ownLayout);
        checkSize("the peer's", peer, peerLayout);
        memory = new LeaseMemory(own, peer);
        this.ownLayout = ownLayout;
        this.peerLayout = peerLayout;
    }

    private static void checkSize(String whose, RingMemory memory, LeaseLayout layout) {
        int size = memory.buffer().capacity();
        if (size != layout.size()) {
            throw new IllegalArgumentException(
                    whose + " memory for leases has " + size + " bytes, expected " + layout.size());
        }
    }

    /**
     * Begins.
     *
     * @param threshold    bytes from which on a message is leased
     * @param ringCapacity of the ring that the peer writes to
     * @param allocator    for what is not in the slots
     */
    public void start(int threshold, int ringCapacity, ByteBufAllocator allocator, LeaseListener listener) {
        if (ownLayout.sendLeases() > 0) {
            sender = new LeaseSender(memory, ownLayout, threshold, allocator, listener);
        }
        if (peerLayout.sendLeases() > 0) {
            receiver = new LeaseReceiver(memory, peerLayout, ringCapacity, allocator, listener);
        }
    }

    /** What this side sends; null if the two sides agreed on no such memory. */
    public LeaseSender sender() {
        return sender;
    }

    /** What this side receives; null if the two sides agreed on no such memory. */
    public LeaseReceiver receiver() {
        return receiver;
    }

    /** Returns how many bytes there are for what this side sends; 0 if that is all copied. */
    public int sendBytes() {
        return ownLayout.slotBytes();
    }

    /** Returns how many bytes there are for what this side receives; 0 if that is all copied. */
    public int receiveBytes() {
        return peerLayout.slotBytes();
    }

    /** Returns the size of both memories in bytes. */
    public long memoryBytes() {
        return (long) ownLayout.size() + peerLayout.size();
    }

    /** The connection has ended. For the channel's event loop, once. */
    @Override
    public void close() {
        if (sender != null) {
            sender.close();
        }
        memory.release();
    }
}
