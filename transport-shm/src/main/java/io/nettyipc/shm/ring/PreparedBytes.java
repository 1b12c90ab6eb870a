/* Copyright 2026 The Netty IPC Authors. Licensed under the Apache License, Version 2.0; see LICENSE. */
package io.nettyipc.shm.ring;

import java.io.IOException;

/**
 * How far a ring has memory. Most connections carry little, so that the system is asked for a ring's memory only when
 * bytes come to lie there for the first time: as much again as there is, and {@value #MAX_STEP} bytes at most. Writer
 * and reader take the same steps, each for its own mapping, so that the reader never asks for what the writer has not.
 */
final class PreparedBytes {

    /**
     * It takes the system some microseconds to find so much for the writer, and then for the reader. A peer that waits
     * longer for an answer may give up looking for it, and has to be woken.
     */
    static final int MAX_STEP = 32 << 10;

    private final RingMemory memory;
    private final RingWindow window;
    private int prepared;
    private long end;
    private boolean peersOnly;

    PreparedBytes(RingMemory memory, RingWindow window) {
        this.memory = memory;
        this.window = window;
        prepared = memory.prepared() - RingLayout.DATA;
        windowChanged();
    }

    /** Behind the last byte there is room for, all are where others were before. */
    void windowChanged() {
        end = prepared >= window.size() ? Long.MAX_VALUE : window.origin() + prepared;
    }

    /** From now on, takes only what the peer has taken before. */
    void takePeersOnly() {
        peersOnly = true;
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
        long needed = Math.min(place - window.origin(), window.size());
        int size = prepared;
        while (size < needed) {
            size += Math.min(Math.max(size, 1), MAX_STEP);
        }
        size = Math.min(size, window.size());
        if (peersOnly && !memory.isTaken(RingLayout.DATA + size)) {
            throw new CorruptRingException("the peer has no memory for more than " + prepared
                    + " bytes of its ring, and this side has none left for it (SHM_MAX_MEMORY)");
        }
        try {
            memory.prepare(RingLayout.DATA + size);
        } catch (IOException e) {
            throw CorruptRingException.noMemory(e);
        }
        prepared = size;
        windowChanged();
    }
}
