/* Copyright 2026 The Netty IPC Authors. Licensed under the Apache License, Version 2.0; see LICENSE. */
package io.nettyipc.shm.ring;

import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;

/**
 * Tells the peer whether this side sleeps until something changes: a counter in this side's segment that is odd while
 * it sleeps.
 *
 * <p>Going to sleep and waking up are two stores each followed (sleeper) or preceded (waker) by a look at the other's
 * word, with a full fence between. Of the two looks at least one sees the other's store, whatever the processor
 * reorders:
 *
 * <pre>
 *   sleeper                              waker ({@link PeerEpoch})
 *   epoch = odd                          tail = new position     (release)
 *   full fence                           full fence
 *   look at the tail: changed?           look at the epoch: odd?
 *     yes: epoch = even, go on             yes, and not rung for it yet: ring the doorbell
 *     no: block until the doorbell
 * </pre>
 *
 * <p>A new number for every sleep, instead of a flag that the waker would clear, lets the waker ring only once for each
 * sleep and yet never write to the sleeper's memory.
 */
final class WaitEpoch {

    /** The last number there is; odd, so that the sleeper would be woken. */
    static final long CLOSED = Long.MAX_VALUE;

    private final ByteBuffer memory;
    private final int offset;
    private long epoch;

    WaitEpoch(ByteBuffer memory, int offset) {
        this.memory = memory;
        this.offset = offset;
    }

    boolean isAsleep() {
        return (epoch & 1) != 0;
    }

    /** How many sleeps there were, each of which the waker may have rung for once. */
    long sleeps() {
        return (epoch + 1) >>> 1;
    }

    /**
     * To be followed by a last look at what is awaited. Takes a new number even when asleep: the waker may have rung
     * for the present one.
     */
    void sleep() {
        epoch += isAsleep() ? 2 : 1;
        SharedLongs.setRelease(memory, offset, epoch);
        VarHandle.fullFence();
    }

    /** The sleeper has gone for good: the waker need do nothing for it any more. */
    void close() {
        epoch = CLOSED;
        SharedLongs.setRelease(memory, offset, epoch);
    }

    void wake() {
        if (isAsleep()) {
            SharedLongs.setRelease(memory, offset, ++epoch);
        }
    }
}
