/* Copyright 2026 The Netty IPC Authors. Licensed under the Apache License, Version 2.0; see LICENSE. */
package io.nettyipc.shm.ring;

/** Counts the memory of a connection's rings as they grow. Called on the connection's event loop. */
public interface RingGrowth {

    /** Lets rings grow to their capacities. */
    RingGrowth FREE = bytes -> true;

    /**
     * Takes memory, which is given back when the connection ends.
     *
     * @param bytes of this side's ring, or of the peer's
     * @return whether they are there to be taken. If not, this side's ring stays as it is, and of the peer's ring only
     *     memory is used that the peer has taken
     */
    boolean take(int bytes);
}
