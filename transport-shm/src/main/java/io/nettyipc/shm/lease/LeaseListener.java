/* Copyright 2026 The Netty IPC Authors. Licensed under the Apache License, Version 2.0; see LICENSE. */
package io.nettyipc.shm.lease;

import io.nettyipc.shm.ring.CorruptRingException;

/** Hears of what concerns the whole channel; on any thread, which may hold a lock. */
public interface LeaseListener {

    /** What there is no more of. */
    enum Limit {
        /** The slots have no room for a message. */
        MEMORY,
        /** The peer holds as many leases as it may. */
        LEASES_OUT,
        /** This side holds as many as it may. */
        LEASES_HELD
    }

    /** The messages that come now are copied. Told once, until there is more again. */
    void exhausted(Limit limit);

    /** The peer does what a correct one can't do. */
    void corrupt(CorruptRingException cause);
}
