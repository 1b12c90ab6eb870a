/* Copyright 2026 The Netty IPC Authors. Licensed under the Apache License, Version 2.0; see LICENSE. */
package io.nettyipc.benchmarks;

import io.nettyipc.benchmarks.workload.Workload;

/**
 * Tells when one contender's slices of one workload have stopped to become faster, and the compilers have no more to do
 * for them. Code that only few contenders share was measured at a tenth of its speed after as many slices as a round
 * has, and a spinning pair at a quarter of it even after half a second, because the compilers found no processor free.
 */
final class WarmUp {
    private static final double FASTER = 1.1;
    /** So many slices in a row that are no faster than the best before them. */
    private static final int STEADY_MILLIS = 75;

    private static final int MAX_MILLIS = 750;
    /** Of compilation after a slice; there is always some. */
    private static final int FEW_MILLIS = 10;

    private final int atLeast;
    private final int steady;
    private final int atMost;
    private int slices;
    private int noFaster;
    private long best;

    WarmUp(Workload workload) {
        atLeast = workload.slices();
        steady = Math.max(2, STEADY_MILLIS / workload.sliceMillis());
        atMost = Math.max(atLeast, MAX_MILLIS / workload.sliceMillis());
    }

    /** Notes a slice with that many operations. */
    void slice(long operations) {
        slices++;
        if (operations > best * FASTER) {
            best = operations;
            noFaster = 0;
        } else {
            noFaster++;
        }
    }

    /** Notes how long the compilers worked until they had nothing to do any more; it may be for another's slice. */
    void compiled(long millis) {
        if (millis > FEW_MILLIS) {
            noFaster = 0;
        }
    }

    boolean isOver() {
        return slices >= atMost || (slices >= atLeast && noFaster >= steady);
    }
}
