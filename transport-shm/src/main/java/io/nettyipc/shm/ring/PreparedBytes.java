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
        long wanted = Math.max(prepared, 1);
        while (wanted < Math.min(place - window.origin(), window.size())) {
            wanted *= 2;
        }
        int size = (int) Math.min(wanted, window.size());
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
