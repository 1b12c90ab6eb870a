/* Copyright 2026 The Netty IPC Authors. Licensed under the Apache License, Version 2.0; see LICENSE. */
package io.nettyipc.shm.ring;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.JJI_Result;
import org.openjdk.jcstress.infra.results.JJJJ_Result;
import org.openjdk.jcstress.infra.results.JJJ_Result;
import org.openjdk.jcstress.infra.results.JJZ_Result;

/**
 * What the reader gets of a stream that is written meanwhile: each byte as it was written, in order, and of what was
 * committed at once either all or nothing. {@link RingStressTest} runs these.
 */
public final class RingStreamStress {

    private RingStreamStress() {}

    /** A read against a commit: the bytes are written before the tail that shows them. They lie in two cache lines. */
    @JCStressTest
    @State
    @Outcome(id = "0, 0, 0", expect = ACCEPTABLE, desc = "read before the commit")
    @Outcome(id = "1, 6, 12", expect = ACCEPTABLE, desc = "read after the commit")
    @Outcome(expect = FORBIDDEN, desc = "torn")
    public static class LongMessage extends StressedRing {

        LongMessage() {
            super(6);
        }

        @Actor
        public void writer() {
            commit(12);
        }

        @Actor
        public void reader(JJJ_Result result) {
            read(12);
            result.r1 = number(0);
            result.r2 = number(5);
            result.r3 = number(11);
        }
    }

    /** {@link LongMessage} with so few bytes that the reader finds them in {@link RecentBytes}. */
    @JCStressTest
    @State
    @Outcome(id = "0, 0, 0", expect = ACCEPTABLE, desc = "read before the commit")
    @Outcome(id = "1, 2, 3", expect = ACCEPTABLE, desc = "read after the commit")
    @Outcome(expect = FORBIDDEN, desc = "torn")
    public static class OneMessage extends StressedRing {

        OneMessage() {
            super(6);
        }

        @Actor
        public void writer() {
            commit(3);
        }

        @Actor
        public void reader(JJJ_Result result) {
            read(3);
            result.r1 = number(0);
            result.r2 = number(1);
            result.r3 = number(2);
        }
    }

    /** Two reads against two commits: whatever the reader sees of the second, it sees all of the first before it. */
    @JCStressTest
    @State
    @Outcome(id = "0, 0, 0, 0", expect = ACCEPTABLE, desc = "read before the commits")
    @Outcome(id = "1, 2, 0, 0", expect = ACCEPTABLE, desc = "read between the commits")
    @Outcome(id = "1, 2, 3, 4", expect = ACCEPTABLE, desc = "read after the commits")
    @Outcome(expect = FORBIDDEN, desc = "torn, or out of order")
    public static class TwoMessages extends StressedRing {

        TwoMessages() {
            super(0);
        }

        @Actor
        public void writer() {
            commit(2);
            commit(2);
        }

        @Actor
        public void reader(JJJJ_Result result) {
            read(2);
            read(2);
            result.r1 = number(0);
            result.r2 = number(1);
            result.r3 = number(2);
            result.r4 = number(3);
        }
    }

    /** A read against two commits, the second of which takes the place of the first in {@link RecentBytes}. */
    @JCStressTest
    @State
    @Outcome(id = "0, 0, 0, 0", expect = ACCEPTABLE, desc = "read before the commits")
    @Outcome(id = "1, 8, 0, 0", expect = ACCEPTABLE, desc = "read between the commits, or during the second")
    @Outcome(id = "1, 8, 9, 16", expect = ACCEPTABLE, desc = "read after the commits")
    @Outcome(expect = FORBIDDEN, desc = "torn, or the second message where the first should be")
    public static class Overwritten extends StressedRing {

        Overwritten() {
            super(0);
        }

        @Actor
        public void writer() {
            commit(8);
            commit(8);
        }

        @Actor
        public void reader(JJJJ_Result result) {
            read(16);
            result.r1 = number(0);
            result.r2 = number(7);
            result.r3 = number(8);
            result.r4 = number(15);
        }
    }

    /** A read against a commit and an end: the stream ends behind its last byte, which the end itself commits. */
    @JCStressTest
    @State
    @Outcome(id = "0, 0, false", expect = ACCEPTABLE, desc = "read before the commit")
    @Outcome(id = "1, 0, false", expect = ACCEPTABLE, desc = "read between the commit and the end")
    @Outcome(id = "1, 2, true", expect = ACCEPTABLE, desc = "read after the end")
    @Outcome(expect = FORBIDDEN, desc = "cut off, or the end not seen along with the last byte")
    public static class End extends StressedRing {

        End() {
            super(0);
        }

        @Actor
        public void writer() {
            commit(1);
            write(1);
            end();
        }

        @Actor
        public void reader(JJZ_Result result) {
            read(2);
            result.r1 = number(0);
            result.r2 = number(1);
            result.r3 = isEnded();
        }
    }

    /** {@link LongMessage} where the first number is the last in the ring and the others are the first. */
    @JCStressTest
    @State
    @Outcome(id = "0, 0, 0", expect = ACCEPTABLE, desc = "read before the commit")
    @Outcome(id = "1, 2, 12", expect = ACCEPTABLE, desc = "read after the commit")
    @Outcome(expect = FORBIDDEN, desc = "torn")
    public static class WrapAround extends StressedRing {

        WrapAround() {
            super(CAPACITY - 1);
        }

        @Actor
        public void writer() {
            commit(12);
        }

        @Actor
        public void reader(JJJ_Result result) {
            read(12);
            result.r1 = number(0);
            result.r2 = number(1);
            result.r3 = number(11);
        }
    }

    /** A read against a commit for which the ring grows, while the reader has not read what was before. */
    @JCStressTest
    @State
    @Outcome(id = "0, 0, 0", expect = ACCEPTABLE, desc = "read before the commit")
    @Outcome(id = "12, 65, 76", expect = ACCEPTABLE, desc = "read after the commit")
    @Outcome(expect = FORBIDDEN, desc = "torn, or from where the small ring has it")
    public static class Growth extends StressedRing {

        Growth() {
            super(FIRST / 2 - 3, true);
            commit(FIRST);
        }

        @Actor
        public void writer() {
            commit(12);
        }

        @Actor
        public void reader(JJJ_Result result) {
            read(FIRST);
            result.r1 = read(12);
            result.r2 = number(FIRST);
            result.r3 = number(FIRST + 11);
        }
    }

    /**
     * A read and a release against a write to a full ring: the writer takes the place of numbers 1 and 2 only when the
     * reader has copied them.
     */
    @JCStressTest
    @State
    @Outcome(id = "1, 2, 0", expect = ACCEPTABLE, desc = "written before the release: no room")
    @Outcome(id = "1, 2, 2", expect = ACCEPTABLE, desc = "written after the release")
    @Outcome(expect = FORBIDDEN, desc = "overwritten too early, or only some of the room seen")
    public static class FullRing extends StressedRing {

        FullRing() {
            super(0);
            commit(CAPACITY);
        }

        @Actor
        public void writer(JJI_Result result) {
            result.r3 = write(2);
        }

        @Actor
        public void reader(JJI_Result result) {
            read(2);
            release();
            result.r1 = number(0);
            result.r2 = number(1);
        }
    }
}
