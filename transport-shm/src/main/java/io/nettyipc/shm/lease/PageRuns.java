/* Copyright 2026 The Netty IPC Authors. Licensed under the Apache License, Version 2.0; see LICENSE. */
package io.nettyipc.shm.lease;

import java.util.BitSet;

/**
 * Which pages are in use. Gives out the first that fit, so that little traffic stays in little memory, which a
 * processor's cache holds. Not for several threads at once.
 */
final class PageRuns {

    private final BitSet used;
    private final int pages;
    private int free;
    /** All before it are used. */
    private int firstFree;

    PageRuns(int pages) {
        this.pages = pages;
        free = pages;
        used = new BitSet(pages);
    }

    int free() {
        return free;
    }

    /**
     * Takes pages that lie together.
     *
     * @param count at least one
     * @return the first, or -1 if there are none
     */
    int take(int count) {
        if (count > free) {
            return -1;
        }
        int from = used.nextClearBit(firstFree);
        firstFree = from;
        while (from <= pages - count) {
            int end = used.nextSetBit(from);
            if (end < 0 || end - from >= count) {
                used.set(from, from + count);
                free -= count;
                return from;
            }
            from = used.nextClearBit(end);
        }
        return -1;
    }

    /** Gives pages back that were taken together. */
    void giveBack(int first, int count) {
        if (first < 0 || used.nextClearBit(first) < first + count) {
            throw new IllegalStateException(count + " pages from " + first + " on are not all in use");
        }
        used.clear(first, first + count);
        free += count;
        firstFree = Math.min(firstFree, first);
    }
}
