/* Copyright 2026 The Netty IPC Authors. Licensed under the Apache License, Version 2.0; see LICENSE. */
package io.nettyipc.shm;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.nettyipc.base.os.ThreadProcessor;
import java.util.BitSet;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

/** When a loop leaves the processor of its peer, on a machine and by a clock of the test's own. */
class LoopProcessorTest {

    private static final long STEP = TimeUnit.MILLISECONDS.toNanos(1);

    private final Machine machine = new Machine();
    private final LoopProcessor loop = new LoopProcessor(machine, false, new Random(1));
    private long now = Long.MAX_VALUE - TimeUnit.SECONDS.toNanos(1);

    @Test
    void leavesForAnIdleProcessorOnceThatHasBeenIdleForSomeTicks() {
        machine.idle.set(1);
        assertTrue(loop.isKeptFrom(0));
        long nanos = meetPeerUntilMoved();
        assertTrue(
                nanos >= TimeUnit.MILLISECONDS.toNanos(60) && nanos <= TimeUnit.MILLISECONDS.toNanos(130),
                nanos + " ns");
        assertEquals(1, loop.current());
        assertFalse(loop.isKeptFrom(0));
    }

    @Test
    void staysWhereNoOtherProcessorIsIdle() {
        machine.idle.set(0);
        assertFalse(meetsPeer(TimeUnit.SECONDS.toNanos(5)));
        assertEquals(0, machine.moves);
    }

    @Test
    void asksTheSystemLessAndLessOftenWhileThereIsNoIdleProcessor() {
        meetsPeer(TimeUnit.SECONDS.toNanos(2));
        int soon = machine.questions;
        meetsPeer(TimeUnit.SECONDS.toNanos(60));
        int later = machine.questions - soon;
        assertTrue(soon >= 4 && later <= 12, soon + ", then " + later);
    }

    @Test
    void startsAfreshWhenItMeetsThePeerAfterALongTime() {
        meetsPeer(TimeUnit.SECONDS.toNanos(30));
        now += TimeUnit.MINUTES.toNanos(5);
        machine.idle.set(1);
        assertTrue(meetPeerUntilMoved() <= TimeUnit.MILLISECONDS.toNanos(130));
    }

    @Test
    void aPeerOnAnotherProcessorCanRun() {
        assertFalse(loop.isKeptFrom(1));
        assertFalse(loop.isKeptFrom(ThreadProcessor.UNKNOWN));
    }

    @Test
    void aPeerThatDoesNotSayWhereItIsMayBeOnTheOnlyProcessorOfThisProcess() {
        LoopProcessor pinned = new LoopProcessor(machine, true, new Random(1));
        assertTrue(pinned.isKeptFrom(ThreadProcessor.UNKNOWN));
        assertTrue(pinned.isKeptFrom(0));
        assertFalse(pinned.isKeptFrom(1));
    }

    @Test
    void aPeerThatHasNotSaidWhereItIsMayWaitForThisProcessor() {
        assertTrue(loop.mayKeep(ThreadProcessor.UNKNOWN));
        assertTrue(loop.mayKeep(0));
        assertFalse(loop.mayKeep(1));
        machine.current = ThreadProcessor.UNKNOWN;
        loop.outdate();
        assertFalse(loop.mayKeep(ThreadProcessor.UNKNOWN), "it can't be found out");
        assertFalse(loop.mayKeep(0));
    }

    @Test
    void noticesThatTheSystemHasMovedIt() {
        assertEquals(0, loop.current());
        machine.current = 1;
        assertEquals(0, loop.current());
        loop.outdate();
        assertEquals(1, loop.current());
    }

    @Test
    @EnabledOnOs(OS.LINUX)
    void aThreadMovesToEachProcessorThatItMayRunOnAndMayRunWhereItCouldBefore() {
        BitSet allowed = ThreadProcessor.allowed();
        assertTrue(allowed.get(ThreadProcessor.current()), allowed + " without " + ThreadProcessor.current());
        for (int processor = allowed.nextSetBit(0); processor >= 0; processor = allowed.nextSetBit(processor + 1)) {
            assertTrue(ThreadProcessor.moveTo(processor));
            assertEquals(allowed, ThreadProcessor.allowed());
        }
        assertFalse(ThreadProcessor.moveTo(8191), "moved to a processor that no machine of today has");
        assertEquals(allowed, ThreadProcessor.allowed());
    }

    /** The peer needs this processor all the time; says whether the loop has left it by then. */
    private boolean meetsPeer(long nanos) {
        for (long end = now + nanos; now - end < 0; now += STEP) {
            if (loop.leave(now)) {
                return true;
            }
        }
        return false;
    }

    private long meetPeerUntilMoved() {
        long start = now;
        assertTrue(meetsPeer(TimeUnit.SECONDS.toNanos(10)), "never moved");
        return now - start;
    }

    private static final class Machine implements LoopProcessor.Threads {
        final BitSet idle = new BitSet();
        int current;
        int questions;
        int moves;

        @Override
        public int current() {
            return current;
        }

        @Override
        public BitSet idleSinceLastCall() {
            questions++;
            return (BitSet) idle.clone();
        }

        @Override
        public boolean moveTo(int processor) {
            moves++;
            current = processor;
            return true;
        }
    }
}
