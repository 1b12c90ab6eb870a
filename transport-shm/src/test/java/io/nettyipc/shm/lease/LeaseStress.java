/* Copyright 2026 The Netty IPC Authors. Licensed under the Apache License, Version 2.0; see LICENSE. */
package io.nettyipc.shm.lease;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import io.netty.buffer.ByteBuf;
import io.nettyipc.shm.ring.CorruptRingException;
import java.util.concurrent.atomic.AtomicInteger;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.JJ_Result;
import org.openjdk.jcstress.infra.results.JZ_Result;

/** What each side sees of a slot while the other hands it over. {@code RingStressTest} runs these. */
public final class LeaseStress {

    private LeaseStress() {}

    /** A message against its receiver: the bytes are written before the descriptor that shows them. */
    @JCStressTest
    @State
    @Outcome(id = "0, 0", expect = ACCEPTABLE, desc = "looked before the message was passed")
    @Outcome(id = "7, 7", expect = ACCEPTABLE, desc = "looked after that")
    @Outcome(expect = FORBIDDEN, desc = "torn")
    public static class HandOver extends StressedLeases {

        @Actor
        public void sender() {
            send(7);
        }

        @Actor
        public void receiver(JJ_Result result) {
            ByteBuf message = receive();
            if (message != null) {
                result.r1 = message.getLong(0);
                result.r2 = message.getLong(LAST);
                message.release();
            }
        }
    }

    /** A release against the next message in the only slot: it is not overwritten while it can be read. */
    @JCStressTest
    @State
    @Outcome(id = "5, false", expect = ACCEPTABLE, desc = "no room before the release")
    @Outcome(id = "5, true", expect = ACCEPTABLE, desc = "room after it")
    @Outcome(expect = FORBIDDEN, desc = "overwritten while it was out")
    public static class Return extends StressedLeases {

        private final ByteBuf message;

        Return() {
            send(5);
            message = receive();
        }

        @Actor
        public void receiver(JZ_Result result) {
            result.r1 = message.getLong(LAST);
            message.release();
        }

        @Actor
        public void sender(JZ_Result result) {
            result.r2 = fill(9);
        }
    }

    /** A release against the next message in the same lease, whose buffer may be the object that is being released. */
    @JCStressTest
    @State
    @Outcome(id = "0, 0", expect = ACCEPTABLE, desc = "no room before the release")
    @Outcome(id = "9, 1", expect = ACCEPTABLE, desc = "received after it")
    @Outcome(expect = FORBIDDEN, desc = "the release was of the next message")
    public static class Reuse extends StressedLeases {

        private final ByteBuf message;

        Reuse() {
            send(5);
            message = receive();
        }

        @Actor
        public void releaser() {
            message.release();
        }

        @Actor
        public void loop(JJ_Result result) {
            ByteBuf next = sendIfThereIsRoom(9) ? receive() : null;
            if (next != null) {
                result.r1 = next.getLong(LAST);
                result.r2 = next.refCnt();
                next.release();
            }
        }
    }

    /** A connection with one slot, nothing in it. */
    static class StressedLeases {

        static final int LAST = LeaseLayout.PAGE - Long.BYTES;

        /** More than there are states at a time: a place's last state has been replaced when its turn comes again. */
        private static final TestLeases[] PLACES = new TestLeases[512];

        private static final AtomicInteger TURN = new AtomicInteger();

        static {
            for (int i = 0; i < PLACES.length; i++) {
                PLACES[i] = new TestLeases(1, LeaseLayout.PAGE, 1);
            }
        }

        private final TestLeases leases = PLACES[Math.floorMod(TURN.getAndIncrement(), PLACES.length)];

        StressedLeases() {
            ByteBuf left = receive();
            if (left != null) {
                left.release();
            }
        }

        final void send(long number) {
            if (!sendIfThereIsRoom(number)) {
                throw new AssertionError("there is room");
            }
        }

        final boolean sendIfThereIsRoom(long number) {
            ByteBuf message = leases.sender.allocate(LeaseLayout.PAGE, LeaseLayout.PAGE);
            if (message == null) {
                return false;
            }
            message.setLong(0, number).setLong(LAST, number).writerIndex(LeaseLayout.PAGE);
            try {
                if (!leases.pass(message)) {
                    throw new AssertionError("there is a slot and no lease");
                }
                return true;
            } catch (CorruptRingException e) {
                throw new AssertionError(e);
            }
        }

        final ByteBuf receive() {
            try {
                return leases.next();
            } catch (CorruptRingException e) {
                throw new AssertionError(e);
            }
        }

        /** Writes to the slot if it is free; returns whether it was. */
        final boolean fill(long number) {
            ByteBuf message = leases.sender.allocate(LeaseLayout.PAGE, LeaseLayout.PAGE);
            if (message == null) {
                return false;
            }
            message.setLong(0, number).setLong(LAST, number).release();
            return true;
        }
    }
}
