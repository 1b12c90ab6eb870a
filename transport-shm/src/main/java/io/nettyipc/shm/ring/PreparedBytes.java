/* Copyright 2026 The Netty IPC Authors. Licensed under the Apache License, Version 2.0; see LICENSE. */
package io.nettyipc.shm.ring;

import java.io.IOException;

/**
 * How far a ring has memory. Most connections carry little, so that the system is asked for a ring's memory only when
 * bytes come to lie there for the first time: twice as much as before each time. Writer and reader take the same steps,
 * each for its own mapping, so that the reader never asks for what the writer has not.
 */
final class PreparedBytes {

    private final RingMemory memory;
    private final int capacity;
    private long end;

    PreparedBytes(RingMemory memory, int capacity) {
        this.memory = memory;
        this.capacity = capacity;
        setEnd(memory.prepared() - RingLayout.DATA);
    }

    /** Behind the last byte there is room for, all are where others were before. */
    private void setEnd(int prepared) {
        end = prepared >= capacity ? Long.MAX_VALUE : prepared;
    }

    /** Returns the place in the stream up to which bytes have memory. */
    long end() {
        return end;
    }

    /**
     * Gets memory for more bytes.
     *
     * @param place up to which they are to have memory; behind {@link #end()}
     * @throws CorruptRingException if there is none
     */
    void extend(long place) throws CorruptRingException {
        long wanted = Math.max(end, 1);
        while (wanted < Math.min(place, capacity)) {
            wanted *= 2;
        }
        int size = (int) Math.min(wanted, capacity);
        try {
            memory.prepare(RingLayout.DATA + size);
        } catch (IOException e) {
            throw CorruptRingException.noMemory(e);
        }
        setEnd(size);
    }
}
