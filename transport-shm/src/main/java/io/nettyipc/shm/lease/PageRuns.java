/* Copyright 2026 The Netty IPC Authors. Licensed under the Apache License, Version 2.0; see LICENSE. */
package io.nettyipc.shm.lease;

/**
 * Which pages are in use. Gives out the first that fit, so that little traffic stays in little memory, which a
 * processor's cache holds. What it takes depends on how many runs of pages there are, and not on how long they are. Not
 * for several threads at once.
 */
final class PageRuns {

    /** At a run's first and last page: how many it has, negative if in use. No two free runs are neighbours. */
    private final int[] runs;

    private final int pages;
    private int free;
    /** Where a run begins. All before it are used. */
    private int firstFree;

    PageRuns(int pages) {
        this.pages = pages;
        free = pages;
        runs = new int[pages];
        set(0, pages);
    }

    private void set(int first, int run) {
        runs[first] = run;
        runs[first + Math.abs(run) - 1] = run;
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
        while (runs[firstFree] < 0) {
            firstFree -= runs[firstFree];
        }
        for (int first = firstFree; first < pages; first += Math.abs(runs[first])) {
            int run = runs[first];
            if (run >= count) {
                set(first, -count);
                if (run > count) {
                    set(first + count, run - count);
                }
                free -= count;
                return first;
            }
        }
        return -1;
    }

    /** Gives pages back that were taken together. */
    void giveBack(int first, int count) {
        if (first < 0 || first >= pages || count <= 0 || runs[first] != -count) {
            throw new IllegalStateException(count + " pages from " + first + " on are not in use together");
        }
        free += count;
        int start = first;
        int end = first + count;
        if (start > 0 && runs[start - 1] > 0) {
            start -= runs[start - 1];
        }
        if (end < pages && runs[end] > 0) {
            end += runs[end];
        }
        set(start, end - start);
        firstFree = Math.min(firstFree, start);
    }
}
