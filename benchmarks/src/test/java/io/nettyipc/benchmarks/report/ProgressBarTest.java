/* Copyright 2026 The Netty IPC Authors. Licensed under the Apache License, Version 2.0; see LICENSE. */
package io.nettyipc.benchmarks.report;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;

class ProgressBarTest {
    @Test
    void stepsAreCountedAsLongAsThereIsTime() {
        assertEquals(0, ProgressBar.percent(0, 200, 0, 60));
        assertEquals(50, ProgressBar.percent(100, 200, 10, 60));
        assertEquals(50, ProgressBar.percent(100, 200, 100_000, Integer.MAX_VALUE));
    }

    @Test
    void workThatTimeEndsIsNearlyDoneWhenTimeIsNearlyUp() {
        assertEquals(95, ProgressBar.percent(100, 200, 57, 60));
    }

    @Test
    void workThatGoesOnIsNotDone() {
        assertEquals(99, ProgressBar.percent(200, 200, 30, 60));
        assertEquals(99, ProgressBar.percent(100, 200, 80, 60));
    }
}
