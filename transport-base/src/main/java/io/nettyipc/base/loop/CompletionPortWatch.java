/* Copyright 2026 The Netty IPC Authors. Licensed under the Apache License, Version 2.0; see LICENSE. */
package io.nettyipc.base.loop;

import io.nettyipc.base.os.Kernel32;
import java.io.IOException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;

/**
 * Waits at a completion port while the event loop waits elsewhere: a thread that takes the packets of one wait, wakes
 * the loop, and rests until the loop sleeps again. Its packets are the thread's while it waits and the loop's once
 * {@link #hasPackets} says so. All methods are the loop's.
 */
final class CompletionPortWatch {

    private static final AtomicInteger NEXT_ID = new AtomicInteger();

    /** The thread rests. */
    private static final int RESTING = 0;
    /** It waits at the port. */
    private static final int WAITING = 1;
    /** It has taken packets and rests until the loop has seen to them. */
    private static final int FULL = 2;

    private static final int ENDED = 3;

    private final CompletionPort port;
    private final Runnable wakeup;
    private final LoopThread thread;
    private final CompletionPackets packets = new CompletionPackets();
    private final AtomicInteger state = new AtomicInteger(RESTING);
    private boolean started;
    private volatile boolean loopSleeps;

    /**
     * Creates one whose thread does not run yet.
     *
     * @param wakeup wakes the loop where it waits, called by the thread
     */
    CompletionPortWatch(CompletionPort port, Runnable wakeup) {
        this.port = port;
        this.wakeup = wakeup;
        thread = new LoopThread(this::run, "nettyipc-port-" + NEXT_ID.getAndIncrement());
    }

    /** Starts the thread, which {@link #sleeping} needs, if it does not run yet. */
    void start() throws IOException {
        if (!started) {
            try {
                thread.start();
            } catch (OutOfMemoryError e) {
                throw new IOException("no more threads: an event loop for pipes and sockets needs one more", e);
            }
            started = true;
        }
    }

    /** Whether the loop has to look at the port itself. */
    boolean isResting() {
        return state.get() == RESTING;
    }

    boolean hasPackets() {
        return state.get() == FULL;
    }

    /** From now on packets wake the loop, which looks at {@link #hasPackets} once more before it sleeps. */
    void sleeping() {
        if (state.get() == RESTING) {
            state.set(WAITING);
            LockSupport.unpark(thread);
        }
        loopSleeps = true;
    }

    /** The loop looks at {@link #hasPackets} again before it sleeps. */
    void awake() {
        loopSleeps = false;
    }

    /** What the thread has taken, of the loop until it calls {@link #rest}. */
    CompletionPackets packets() {
        return packets;
    }

    /** The loop has seen to the packets. */
    void rest() {
        packets.clear();
        state.set(RESTING);
    }

    private void run() {
        for (; ; ) {
            switch (state.get()) {
                case WAITING -> takePackets();
                case ENDED -> {
                    return;
                }
                default -> {
                    LockSupport.park(this);
                    // Nobody means this thread by it, and it could not park any more.
                    Thread.interrupted();
                }
            }
        }
    }

    private void takePackets() {
        if (packets.take(port, Kernel32.INFINITE) > 0 && state.compareAndSet(WAITING, FULL) && loopSleeps) {
            wakeup.run();
        }
    }

    /** Ends the thread and waits for its end. What it has taken last is in {@link #packets}. */
    void end() {
        int before = state.getAndSet(ENDED);
        if (!started) {
            return;
        }
        if (before == WAITING) {
            port.post(CompletionPort.KEY_WAKEUP);
        }
        LockSupport.unpark(thread);
        thread.awaitEnd();
    }
}
