/* Copyright 2026 The Netty IPC Authors. Licensed under the Apache License, Version 2.0; see LICENSE. */
package io.nettyipc.shm;

import io.nettyipc.base.os.ThreadProcessor;
import java.util.BitSet;
import java.util.Random;
import java.util.concurrent.TimeUnit;

/**
 * Knows which processor an event loop's thread is on, and moves the thread away from the one that the peer's is on.
 *
 * <p>The system likes to put a thread that is woken where the waker runs. There the peer can't answer while this loop
 * looks at its rings, so looking is in vain, and each of the two gives it up: the connection stays at the speed of two
 * threads that wake each other. So each side publishes its processor beside its rings. Where it is the same one, and
 * another has been idle for some time, one of the two moves there. The time that passes before that differs at random,
 * so that not both move at once to the same.
 *
 * <p>For one event loop.
 */
final class LoopProcessor {

    /** What the loop asks of the system. */
    interface Threads {

        /** Returns the processor that this thread is on, or {@link ThreadProcessor#UNKNOWN}. */
        int current();

        /** Returns the processors that were idle since the last call, and that this thread may run on. */
        BitSet idleSinceLastCall();

        /** Moves this thread there, if the system lets it. */
        boolean moveTo(int processor);
    }

    /** The system tells in ticks of 10 ms how long a processor was idle. */
    private static final long MIN_WAIT_NANOS = TimeUnit.MILLISECONDS.toNanos(60);
    /** Moving costs a cold cache; and if the system moves the thread back, it knows why. */
    private static final long MAX_WAIT_NANOS = TimeUnit.SECONDS.toNanos(10);

    private final Threads threads;
    private final boolean onlyOne;
    private final Random random;
    private int current = ThreadProcessor.UNKNOWN;
    private boolean outdated = true;

    private boolean waiting;
    private long waitingSince;
    private long wait;
    private long lastWait;

    /**
     * @param onlyOne whether the process has no other processor, so that a peer that doesn't say where it is may be
     *     there too
     */
    LoopProcessor(Threads threads, boolean onlyOne, Random random) {
        this.threads = threads;
        this.onlyOne = onlyOne;
        this.random = random;
    }

    static LoopProcessor ofThisMachine() {
        return new LoopProcessor(new SystemThreads(), Runtime.getRuntime().availableProcessors() == 1, new Random());
    }

    /** The thread has slept, or time has passed: the system may have moved it. */
    void outdate() {
        outdated = true;
    }

    /** Returns the processor that the thread is on, or {@link ThreadProcessor#UNKNOWN}. */
    int current() {
        if (outdated) {
            outdated = false;
            current = threads.current();
        }
        return current;
    }

    /** Whether a peer whose thread is on that processor can't run while this thread does. */
    boolean isKeptFrom(int peer) {
        return peer == ThreadProcessor.UNKNOWN ? onlyOne : peer == current();
    }

    /**
     * Whether a peer whose thread is on that processor may wait for this thread to leave its own: also one that has
     * just connected and not said where it is. Not where this thread doesn't know it either.
     */
    boolean mayKeep(int peer) {
        int own = current();
        return own != ThreadProcessor.UNKNOWN && (peer == ThreadProcessor.UNKNOWN || peer == own);
    }

    /** The peer needs this processor. Leaves it, once another has been idle for long enough; returns whether it has. */
    boolean leave(long now) {
        long waited = now - waitingSince;
        if (!waiting || waited > 4 * wait) {
            // Not for some time: what was true then says nothing about now.
            lastWait = waiting && waited < 2 * MAX_WAIT_NANOS ? lastWait : 0;
            beginToWait(now, MIN_WAIT_NANOS);
            threads.idleSinceLastCall();
            return false;
        }
        if (waited < wait) {
            return false;
        }
        BitSet idle = threads.idleSinceLastCall();
        idle.clear(current());
        beginToWait(now, Math.min(MAX_WAIT_NANOS, 2 * lastWait));
        int target = idle.nextSetBit(0);
        if (target < 0 || !threads.moveTo(target)) {
            return false;
        }
        outdate();
        return current() == target;
    }

    private void beginToWait(long now, long atLeast) {
        waiting = true;
        waitingSince = now;
        lastWait = Math.max(lastWait, atLeast);
        wait = lastWait + (long) (random.nextDouble() * lastWait);
    }

    private static final class SystemThreads implements Threads {

        private final ProcessorTimes times = new ProcessorTimes();

        @Override
        public int current() {
            return ThreadProcessor.current();
        }

        @Override
        public BitSet idleSinceLastCall() {
            BitSet allowed = ThreadProcessor.allowed();
            if (allowed.cardinality() > 1) {
                allowed.and(times.idleSinceLastCall());
            } else {
                allowed.clear();
            }
            return allowed;
        }

        @Override
        public boolean moveTo(int processor) {
            return ThreadProcessor.moveTo(processor);
        }
    }
}
