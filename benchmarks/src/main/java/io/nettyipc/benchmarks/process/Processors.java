/* Copyright 2026 The Netty IPC Authors. Licensed under the Apache License, Version 2.0; see LICENSE. */
package io.nettyipc.benchmarks.process;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * How fast two of this machine's processors are now: a pair of event loops needs two. On a virtual machine each may be
 * half of a core whose other half somebody else uses, some of the time: code then takes up to twice as long for tenths
 * of a second, while what passes from one cache to another does not. Ratios change with that, and rounds disagree.
 *
 * <p>For one thread.
 */
public final class Processors {
    /** Some half a millisecond. */
    private static final int TURNS = 200_000;

    /** Enough to be compiled, and to have met the processors at their best. */
    private static final int FIRST_LOOKS = 200;

    private static final double FULL = 1.1;
    private static final long MAX_WAIT_NANOS = TimeUnit.MILLISECONDS.toNanos(100);

    private final AtomicInteger arrived = new AtomicInteger();
    private final Work own = new Work();
    private final Work other = new Work();
    private long best = Long.MAX_VALUE;
    private int waits;
    private int slow;

    /**
     * Waits until they are as fast as they have ever been seen, give or take a tenth; for a tenth of a second at most.
     * To be called while nothing that is measured runs.
     */
    public void awaitFullSpeed() throws InterruptedException {
        for (int i = 0; waits == 0 && i < FIRST_LOOKS; i++) {
            look();
        }
        waits++;
        long end = System.nanoTime() + MAX_WAIT_NANOS;
        while (look() > best * FULL) {
            if (System.nanoTime() > end) {
                slow++;
                return;
            }
        }
    }

    /** How often they did not become fast, of all {@link #awaitFullSpeed}, in percent. */
    public int slowPercent() {
        return waits == 0 ? 0 : (int) Math.round(100.0 * slow / waits);
    }

    /** Returns how long the slower took for the same work at the same time, in nanoseconds. */
    private long look() throws InterruptedException {
        arrived.set(0);
        Thread thread = new Thread(other, "processor-speed");
        thread.start();
        own.run();
        thread.join();
        long slowest = Math.max(own.nanos, other.nanos);
        best = Math.min(best, slowest);
        return slowest;
    }

    /** Keeps as many of a processor's units busy as such code can, and no memory. */
    private final class Work implements Runnable {
        private long nanos;
        private long result;

        @Override
        public void run() {
            arrived.incrementAndGet();
            while (arrived.get() < 2) {
                Thread.onSpinWait();
            }
            long start = System.nanoTime();
            result += work(result);
            nanos = System.nanoTime() - start;
        }

        private static long work(long seed) {
            long a = seed;
            long b = 2;
            long c = 3;
            long d = 4;
            long e = 5;
            long f = 6;
            for (int i = 0; i < TURNS; i++) {
                a += b ^ i;
                b += c >> 3;
                c ^= d + 1;
                d += e * 5;
                e -= f;
                f ^= a;
            }
            return a + b + c + d + e + f;
        }
    }
}
