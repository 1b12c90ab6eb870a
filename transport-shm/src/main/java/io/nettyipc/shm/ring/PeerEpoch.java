/* Copyright 2026 The Netty IPC Authors. Licensed under the Apache License, Version 2.0; see LICENSE. */
package io.nettyipc.shm.ring;

import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;

/** The other end of a {@link WaitEpoch}: decides whether the peer has to be woken. */
final class PeerEpoch {

    private final PeerCounter epoch;
    private long rungFor;

    PeerEpoch(String name, ByteBuffer memory, int offset) {
        epoch = new PeerCounter(name, memory, offset);
    }

    /** Looks whether the peer's end is closed. */
    boolean isClosed() throws CorruptRingException {
        return epoch.look(WaitEpoch.CLOSED) == WaitEpoch.CLOSED;
    }

    /** Whether the peer's end was closed when last looked at. */
    boolean wasClosed() {
        return epoch.seen() == WaitEpoch.CLOSED;
    }

    /**
     * To be called behind the store that the peer may wait for. Returns whether the doorbell must be rung: the peer
     * sleeps and has not been woken from this sleep yet.
     *
     * <p>A peer that counts without sleeping gets a ring for each store, at most.
     */
    boolean mustRing() throws CorruptRingException {
        VarHandle.fullFence();
        long seen = epoch.look(WaitEpoch.CLOSED);
        if ((seen & 1) == 0 || seen == rungFor) {
            return false;
        }
        rungFor = seen;
        return true;
    }
}
