/* Copyright 2026 The Netty IPC Authors. Licensed under the Apache License, Version 2.0; see LICENSE. */
package io.nettyipc.shm.ring;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.ZIZ_Result;
import org.openjdk.jcstress.infra.results.ZI_Result;
import org.openjdk.jcstress.infra.results.ZZI_Result;
import org.openjdk.jcstress.infra.results.ZZZ_Result;

/**
 * Going to sleep against what ends the sleep: of the two sides, at least one notices the other, and a sleep is rung for
 * once. {@link RingStressTest} runs these.
 */
public final class RingWakeStress {

    private RingWakeStress() {}

    /** A reader that goes to sleep against a commit. Results: sleeps, was rung for, numbers it can read if awake. */
    @JCStressTest
    @State
    @Outcome(id = "true, true, 0", expect = ACCEPTABLE, desc = "slept before the commit")
    @Outcome(id = "false, true, 1", expect = ACCEPTABLE, desc = "saw the data itself, and was rung for in vain")
    @Outcome(id = "false, false, 1", expect = ACCEPTABLE, desc = "saw the data itself")
    @Outcome(id = "true, false, 0", expect = FORBIDDEN, desc = "lost wake-up")
    @Outcome(expect = FORBIDDEN, desc = "stayed awake without data")
    public static class SleepForData extends StressedRing {

        SleepForData() {
            super(0);
        }

        @Actor
        public void writer(ZZI_Result result) {
            result.r2 = commit(1);
        }

        @Actor
        public void reader(ZZI_Result result) {
            boolean sleeps = sleepUntilData();
            result.r1 = sleeps;
            result.r3 = sleeps ? 0 : read(1);
        }
    }

    /**
     * A reader that goes to sleep against the end of the stream. Results: sleeps, was rung for, sees the end if awake.
     */
    @JCStressTest
    @State
    @Outcome(id = "true, true, false", expect = ACCEPTABLE, desc = "slept before the end")
    @Outcome(id = "false, true, true", expect = ACCEPTABLE, desc = "saw the end itself, and was rung for in vain")
    @Outcome(id = "false, false, true", expect = ACCEPTABLE, desc = "saw the end itself")
    @Outcome(id = "true, false, false", expect = FORBIDDEN, desc = "lost wake-up")
    @Outcome(expect = FORBIDDEN, desc = "stayed awake without the end")
    public static class SleepForEnd extends StressedRing {

        SleepForEnd() {
            super(0);
        }

        @Actor
        public void writer(ZZZ_Result result) {
            result.r2 = end();
        }

        @Actor
        public void reader(ZZZ_Result result) {
            boolean sleeps = sleepUntilData();
            result.r1 = sleeps;
            result.r3 = !sleeps && isEnded();
        }
    }

    /**
     * A writer that goes to sleep at a full ring against a release of half of it. Results: sleeps, was rung for, sees
     * enough space if awake.
     */
    @JCStressTest
    @State
    @Outcome(id = "true, true, false", expect = ACCEPTABLE, desc = "slept before the release")
    @Outcome(id = "false, true, true", expect = ACCEPTABLE, desc = "saw the space itself, and was rung for in vain")
    @Outcome(id = "false, false, true", expect = ACCEPTABLE, desc = "saw the space itself")
    @Outcome(id = "true, false, false", expect = FORBIDDEN, desc = "lost wake-up")
    @Outcome(expect = FORBIDDEN, desc = "stayed awake without space")
    public static class SleepForSpace extends StressedRing {

        SleepForSpace() {
            super(0);
            commit(CAPACITY);
            read(CAPACITY / 2);
        }

        @Actor
        public void writer(ZZZ_Result result) {
            boolean sleeps = sleepUntilSpace();
            result.r1 = sleeps;
            result.r3 = !sleeps && hasEnoughSpace();
        }

        @Actor
        public void reader(ZZZ_Result result) {
            result.r2 = release();
        }
    }

    /** A reader that goes to sleep against three commits: they ring once for one sleep. Results: sleeps, rings. */
    @JCStressTest
    @State
    @Outcome(id = "true, 1", expect = ACCEPTABLE, desc = "slept before the commits")
    @Outcome(id = "false, [01]", expect = ACCEPTABLE, desc = "saw the data itself")
    @Outcome(id = "true, 0", expect = FORBIDDEN, desc = "lost wake-up")
    @Outcome(expect = FORBIDDEN, desc = "rung for more than once")
    public static class OneRingForData extends StressedRing {

        OneRingForData() {
            super(0);
        }

        @Actor
        public void writer(ZI_Result result) {
            int rings = 0;
            for (int i = 0; i < 3; i++) {
                rings += commit(1) ? 1 : 0;
            }
            result.r2 = rings;
        }

        @Actor
        public void reader(ZI_Result result) {
            result.r1 = sleepUntilData();
        }
    }

    /**
     * A writer that goes to sleep at a full ring against releases of a quarter each: the second makes enough space and
     * rings, the others do not. Results: sleeps, rings, sees enough space if awake.
     */
    @JCStressTest
    @State
    @Outcome(id = "true, 1, false", expect = ACCEPTABLE, desc = "slept before enough was released")
    @Outcome(id = "false, [01], true", expect = ACCEPTABLE, desc = "saw the space itself")
    @Outcome(id = "true, 0, false", expect = FORBIDDEN, desc = "lost wake-up")
    @Outcome(expect = FORBIDDEN, desc = "rung for more than once, or stayed awake without space")
    public static class OneRingForSpace extends StressedRing {

        OneRingForSpace() {
            super(0);
            commit(CAPACITY);
        }

        @Actor
        public void writer(ZIZ_Result result) {
            boolean sleeps = sleepUntilSpace();
            result.r1 = sleeps;
            result.r3 = !sleeps && hasEnoughSpace();
        }

        @Actor
        public void reader(ZIZ_Result result) {
            int rings = 0;
            for (int i = 0; i < 4; i++) {
                read(CAPACITY / 4);
                rings += release() ? 1 : 0;
            }
            result.r2 = rings;
        }
    }

    /**
     * {@link SleepForData}, where the reader has slept before, was rung for, and has data to read: a ring that was
     * spent on one sleep is not missing in the next.
     */
    @JCStressTest
    @State
    @Outcome(id = "true, true, 0", expect = ACCEPTABLE, desc = "slept before the commit")
    @Outcome(id = "false, true, 1", expect = ACCEPTABLE, desc = "saw the data itself, and was rung for in vain")
    @Outcome(id = "false, false, 1", expect = ACCEPTABLE, desc = "saw the data itself")
    @Outcome(id = "true, false, 0", expect = FORBIDDEN, desc = "lost wake-up")
    @Outcome(expect = FORBIDDEN, desc = "stayed awake without data")
    public static class SleepAgain extends StressedRing {

        SleepAgain() {
            super(0);
            sleepUntilData();
            commit(1);
        }

        @Actor
        public void writer(ZZI_Result result) {
            result.r2 = commit(1);
        }

        @Actor
        public void reader(ZZI_Result result) {
            read(1);
            release();
            boolean sleeps = sleepUntilData();
            result.r1 = sleeps;
            result.r3 = sleeps ? 0 : read(1);
        }
    }
}
