/* Copyright 2026 The Netty IPC Authors. Licensed under the Apache License, Version 2.0; see LICENSE. */
package io.nettyipc.shm.lease;

import io.nettyipc.shm.ring.MemoryFaults;
import io.nettyipc.shm.ring.RingMemory;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Both sides' memory for leases, mapped for as long as somebody uses it: the connection, the buffers that were
 * allocated in it, and the peer's messages that are not released. For any thread.
 */
final class LeaseMemory {

    private final RingMemory own;
    private final RingMemory peer;
    private final ByteBuffer ownBuffer;
    private final ByteBuffer peerBuffer;
    private final boolean mayFault;
    private final AtomicInteger users = new AtomicInteger(1);

    /** Used by one. */
    LeaseMemory(RingMemory own, RingMemory peer) {
        this.own = own;
        this.peer = peer;
        // As a ByteBuf's numbers are; an owner's buffer may have the native order.
        ownBuffer = own.buffer().order(ByteOrder.BIG_ENDIAN);
        peerBuffer = peer.buffer().asReadOnlyBuffer().order(ByteOrder.BIG_ENDIAN);
        mayFault = own.mayFault() || peer.mayFault();
    }

    /** Returns this side's memory; of big-endian order, as the other. */
    ByteBuffer own() {
        return ownBuffer;
    }

    /** Returns the peer's memory. */
    ByteBuffer peer() {
        return peerBuffer;
    }

    long ownAddress() {
        return own.address();
    }

    long peerAddress() {
        return peer.address();
    }

    /** To be called by one that uses it, for another. */
    void retain() {
        users.incrementAndGet();
    }

    /** The last one unmaps it. */
    void release() {
        if (users.decrementAndGet() == 0) {
            try {
                own.close();
            } finally {
                peer.close();
            }
        }
    }

    /** As {@link MemoryFaults#raise()}, if the memory can be taken away. */
    void raiseFault() {
        if (mayFault) {
            MemoryFaults.raise();
        }
    }
}
