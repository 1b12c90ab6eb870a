/* Copyright 2026 The Netty IPC Authors. Licensed under the Apache License, Version 2.0; see LICENSE. */
package io.nettyipc.benchmarks;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.nettyipc.benchmarks.workload.Workload;
import io.nettyipc.benchmarks.workload.Workloads;
import java.util.List;
import java.util.function.IntToLongFunction;
import org.junit.jupiter.api.Test;

class WarmUpTest {
    /** Slices of 25 ms, six in a round. */
    private static final Workload WORKLOAD = Workloads.workloads(new Workloads(null).byIds(List.of("round-trip-64")))
            .get(0);

    /** How many slices it takes, of which each has so many operations. */
    private static int slices(IntToLongFunction operations) {
        WarmUp warmUp = new WarmUp(WORKLOAD);
        int slices = 0;
        while (!warmUp.isOver()) {
            warmUp.slice(operations.applyAsLong(slices++));
        }
        return slices;
    }

    @Test
    void whatIsWarmTakesOneRoundsSlices() {
        assertEquals(6, slices(i -> 1000));
        assertEquals(6, slices(i -> i % 2 == 0 ? 1000 : 1090));
    }

    @Test
    void whatBecomesFasterGoesOnUntilItDoesNot() {
        assertEquals(10 + 3, slices(i -> 1000 + 200L * Math.min(i, 9)));
    }

    @Test
    void itGoesOnWhileTheCompilersHaveMuchToDo() {
        WarmUp warmUp = new WarmUp(WORKLOAD);
        for (int slice = 0; slice < 10; slice++) {
            warmUp.slice(1000);
            warmUp.compiled(20);
            assertFalse(warmUp.isOver());
        }
        for (int slice = 0; slice < 3; slice++) {
            assertFalse(warmUp.isOver());
            warmUp.slice(1000);
            warmUp.compiled(5);
        }
        assertTrue(warmUp.isOver());
    }

    @Test
    void itEndsAfterThreeQuartersOfASecondWhateverHappens() {
        assertEquals(30, slices(i -> 1L << i));
        assertEquals(30, slices(i -> i % 3 == 0 ? 1L << i : 1));
    }
}
