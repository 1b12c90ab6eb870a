/* Copyright 2026 The Netty IPC Authors. Licensed under the Apache License, Version 2.0; see LICENSE. */
package io.nettyipc.shm.ring;

import java.nio.ByteBuffer;

/**
 * A word of the peer's that only grows. The peer may be hostile: each look reads the word once, and a value that went
 * back or beyond a limit is refused.
 */
final class PeerCounter {

    private final String name;
    private final ByteBuffer memory;
    private final int offset;
    private long seen;

    PeerCounter(String name, ByteBuffer memory, int offset) {
        this.name = name;
        this.memory = memory;
        this.offset = offset;
    }

    /** Returns the last value accepted, without looking. */
    long seen() {
        return seen;
    }

    /**
     * Looks at the word.
     *
     * @param limit the largest value that a correct peer can have stored by now
     */
    long look(long limit) throws CorruptRingException {
        long value = SharedLongs.getAcquire(memory, offset);
        if (value < seen || value > limit) {
            throw new CorruptRingException(
                    "the peer's " + name + " is " + value + "; it was " + seen + " and cannot be more than " + limit);
        }
        seen = value;
        return value;
    }
}
