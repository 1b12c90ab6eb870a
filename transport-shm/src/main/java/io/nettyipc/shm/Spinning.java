/* Copyright 2026 The Netty IPC Authors. Licensed under the Apache License, Version 2.0; see LICENSE. */
package io.nettyipc.shm;

import io.nettyipc.base.loop.LoopCount;
import io.nettyipc.base.os.ThreadProcessor;
import java.util.concurrent.TimeUnit;

/**
 * Decides how long to go on looking at rings in which nothing happens. For one event loop.
 *
 * <p>{@link ShmSpinStrategy#ADAPTIVE} keeps an account: a time of looking that ended with something found earns a
 * little, one that was in vain costs more, as it cost a core. When the account is empty it pauses; each pause is twice
 * as long as the one before, until looking pays again. This covers both cases in which looking is wrong: nothing comes,
 * or the peer can't answer because we have its core.
 */
final class Spinning {

    /** Somewhat more than it takes to be woken by the system twice, there and back. */
    static final long MAX_NANOS = TimeUnit.MICROSECONDS.toNanos(100);
    /** Looks are some nanoseconds apart. If it was this long, somebody else had the core. */
    private static final long PREEMPTED_NANOS = TimeUnit.MILLISECONDS.toNanos(1);

    private static final long MIN_PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(1);
    private static final long MAX_PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(256);

    private static final int MAX_CREDIT = 64;
    private static final int COST = 8;

    private final ShmSpinStrategy strategy;
    private boolean idle;
    /** How long the loop has looked and found nothing. */
    private long idleNanos;
    /** Whether that is longer than it can pay. */
    private boolean vain;

    private final LoopCount nanosPaid = new LoopCount();
    private final LoopCount nanosInVain = new LoopCount();

    private long lastLook;
    /** Whether the loop did something else since then. */
    private boolean suspended = true;

    private int credit = MAX_CREDIT / 2;
    private long pause = MIN_PAUSE_NANOS;
    private boolean paused;
    private long pausedUntil;

    Spinning(ShmSpinStrategy strategy) {
        this.strategy =
                strategy == ShmSpinStrategy.ADAPTIVE && isLimitedToOneProcessor() ? ShmSpinStrategy.NONE : strategy;
    }

    /**
     * Whether looking takes the time of the process's other threads: it may use several processors, but no more than
     * one's time.
     */
    private static boolean isLimitedToOneProcessor() {
        return Runtime.getRuntime().availableProcessors() == 1
                && ThreadProcessor.allowed().cardinality() != 1;
    }

    /** Not the one that was asked for, where that is of no use. */
    ShmSpinStrategy strategy() {
        return strategy;
    }

    boolean isAdaptive() {
        return strategy == ShmSpinStrategy.ADAPTIVE;
    }

    boolean isBusy() {
        return strategy == ShmSpinStrategy.BUSY;
    }

    /**
     * The loop does something else until the next look: that is no time of looking, nor a sign that others had the
     * core.
     */
    void suspend() {
        suspended = true;
    }

    /** How long the loop has looked, in all, and then found something in time. */
    LoopCount nanosPaid() {
        return nanosPaid;
    }

    /** How long the loop has looked, in all, for nothing. */
    LoopCount nanosInVain() {
        return nanosInVain;
    }

    /** Something was found. */
    void lookSucceeded() {
        if (idle) {
            idle = false;
            (vain ? nanosInVain : nanosPaid).add(idleNanos);
            if (credit < MAX_CREDIT) {
                credit++;
            } else {
                pause = MIN_PAUSE_NANOS;
            }
        }
    }

    /** Whether looking for the answer to what was just sent is worth while. */
    boolean isWorthwhile() {
        return strategy != ShmSpinStrategy.NONE && !paused;
    }

    /** Nothing was found; returns whether to stop looking. */
    boolean isOver(long now) {
        return switch (strategy) {
            case NONE -> true;
            case BUSY -> {
                nothingFound(now);
                if (idleNanos >= MAX_NANOS) {
                    vain = true;
                    nanosInVain.add(idleNanos);
                    idleNanos = 0;
                }
                yield false;
            }
            case ADAPTIVE -> isAdaptiveOver(now);
        };
    }

    /** Counts the time since the last look; returns whether somebody else had the core meanwhile. */
    private boolean nothingFound(long now) {
        boolean preempted = false;
        if (!idle) {
            idle = true;
            vain = false;
            idleNanos = 0;
        } else if (!suspended) {
            long nanos = now - lastLook;
            idleNanos += nanos;
            preempted = nanos >= PREEMPTED_NANOS;
        }
        suspended = false;
        lastLook = now;
        return preempted;
    }

    private boolean isAdaptiveOver(long now) {
        if (paused) {
            if (now - pausedUntil < 0) {
                return true;
            }
            // One more try.
            paused = false;
            credit = COST - 1;
        }
        if (nothingFound(now) || idleNanos >= MAX_NANOS) {
            lookFailed(now);
            return true;
        }
        return false;
    }

    /** Looking was in vain before, but may not be now: the next look counts as one more try. */
    void tryAgain(long now) {
        if (paused) {
            pausedUntil = now;
        }
    }

    private void lookFailed(long now) {
        idle = false;
        suspended = true;
        nanosInVain.add(idleNanos);
        credit -= COST;
        if (credit < 0) {
            paused = true;
            pausedUntil = now + pause;
            pause = Math.min(MAX_PAUSE_NANOS, pause * 2);
        }
    }
}
