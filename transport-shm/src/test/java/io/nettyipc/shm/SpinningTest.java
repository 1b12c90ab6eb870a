/* Copyright 2026 The Netty IPC Authors. Licensed under the Apache License, Version 2.0; see LICENSE. */
package io.nettyipc.shm;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIf;

/** When looking ends and begins again, by a clock of the test's own. */
class SpinningTest {

    private static final long LOOK_NANOS = 500;

    private final Spinning spinning = new Spinning(ShmSpinStrategy.ADAPTIVE);
    private long now;

    static boolean hasTwoProcessors() {
        return Runtime.getRuntime().availableProcessors() > 1;
    }

    /** Looks until it is over; says how long that took. */
    private long lookInVain() {
        long start = now;
        while (!spinning.isOver(now)) {
            now += LOOK_NANOS;
            assertTrue(now - start < TimeUnit.SECONDS.toNanos(1), "looks for ever");
        }
        return now - start;
    }

    /** Everything comes after some looks; so often that it's known to pay. */
    private void findSomethingEachTime() {
        for (int i = 0; i < 1000; i++) {
            assertFalse(spinning.isOver(now));
            now += LOOK_NANOS;
            spinning.lookSucceeded();
        }
    }

    @Test
    @EnabledIf("hasTwoProcessors")
    void looksForAWhileWhereThatPays() {
        findSomethingEachTime();
        long nanos = lookInVain();
        assertTrue(nanos >= Spinning.MAX_NANOS && nanos < 2 * Spinning.MAX_NANOS, nanos + " ns");
    }

    @Test
    @EnabledIf("hasTwoProcessors")
    void sleepsAtOnceAfterLookingInVainTooOftenAndTriesAgainLaterAndLater() {
        findSomethingEachTime();
        lookInVainUntilPaused();
        long shortest = pause();
        assertTrue(lookInVain() > 0, "does not try again");
        lookInVainUntilPaused();
        assertTrue(pause() > shortest, "does not wait longer after another time in vain");
    }

    private void lookInVainUntilPaused() {
        for (int times = 0; lookInVain() != 0; times++) {
            now += TimeUnit.MICROSECONDS.toNanos(1);
            assertTrue(times < 100, "never pauses");
        }
    }

    /** Waits until it looks again; says how long that took. */
    private long pause() {
        long start = now;
        while (spinning.isOver(now)) {
            now += TimeUnit.MICROSECONDS.toNanos(100);
            assertTrue(now - start < TimeUnit.SECONDS.toNanos(10), "never looks again");
        }
        spinning.lookSucceeded();
        return now - start;
    }

    @Test
    @EnabledIf("hasTwoProcessors")
    void pausesNoLongerOnceLookingPaysAgain() {
        lookInVainUntilPaused();
        pause();
        findSomethingEachTime();
        assertTrue(lookInVain() >= Spinning.MAX_NANOS);
        assertTrue(lookInVain() >= Spinning.MAX_NANOS, "paused after one time in vain");
    }

    @Test
    @EnabledIf("hasTwoProcessors")
    void whatTheLoopDoesElseIsNotTimeOfLooking() {
        findSomethingEachTime();
        for (int i = 0; i < 10; i++) {
            assertFalse(spinning.isOver(now));
            spinning.suspend();
            now += 10 * Spinning.MAX_NANOS;
        }
        assertTrue(lookInVain() > 0);
    }

    @Test
    @EnabledIf("hasTwoProcessors")
    void stopsWhenItHadToShareTheCore() {
        findSomethingEachTime();
        assertFalse(spinning.isOver(now));
        now += LOOK_NANOS;
        assertFalse(spinning.isOver(now));
        now += TimeUnit.MILLISECONDS.toNanos(4);
        assertTrue(spinning.isOver(now));
    }

    @Test
    @EnabledIf("hasTwoProcessors")
    void countsTheTimeThatPaidAndTheTimeInVain() {
        for (int i = 0; i < 10; i++) {
            assertFalse(spinning.isOver(now));
            now += LOOK_NANOS;
            assertFalse(spinning.isOver(now));
            spinning.lookSucceeded();
        }
        assertEquals(10 * LOOK_NANOS, spinning.nanosPaid().get());
        assertEquals(0, spinning.nanosInVain().get());

        long inVain = lookInVain();

        assertEquals(10 * LOOK_NANOS, spinning.nanosPaid().get());
        assertEquals(inVain, spinning.nanosInVain().get());
    }

    @Test
    void aBusyLoopsTimePaysIfSomethingComesAsSoonAsToAnAdaptiveOne() {
        Spinning busy = new Spinning(ShmSpinStrategy.BUSY);
        for (int i = 0; i < 3; i++) {
            assertFalse(busy.isOver(now));
            now += LOOK_NANOS;
        }
        busy.lookSucceeded();
        assertEquals(2 * LOOK_NANOS, busy.nanosPaid().get());

        long looks = 3 * Spinning.MAX_NANOS / LOOK_NANOS;
        for (long i = 0; i <= looks; i++) {
            assertFalse(busy.isOver(now));
            now += LOOK_NANOS;
        }
        assertTrue(busy.nanosInVain().get() >= 2 * Spinning.MAX_NANOS, "not counted while it goes on");
        busy.lookSucceeded();

        assertEquals(2 * LOOK_NANOS, busy.nanosPaid().get());
        assertEquals(looks * LOOK_NANOS, busy.nanosInVain().get());
    }

    @Test
    void theOtherStrategiesAskNobody() {
        Spinning none = new Spinning(ShmSpinStrategy.NONE);
        Spinning busy = new Spinning(ShmSpinStrategy.BUSY);
        for (int i = 0; i < 100; i++) {
            assertTrue(none.isOver(now));
            assertFalse(busy.isOver(now));
            now += TimeUnit.MILLISECONDS.toNanos(10);
        }
    }
}
