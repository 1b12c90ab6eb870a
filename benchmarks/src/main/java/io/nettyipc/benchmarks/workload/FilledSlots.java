/* Copyright 2026 The Netty IPC Authors. Licensed under the Apache License, Version 2.0; see LICENSE. */
package io.nettyipc.benchmarks.workload;

import java.nio.ByteBuffer;
import java.util.concurrent.atomic.AtomicLong;

/** Two threads: one fills four slots of memory in turn, the other sums them. {@link Filled} without a way between. */
public final class FilledSlots {
    private static final int SLOTS = 4;
    private static final int LOOKS = 1000;

    private final int size;
    private final ByteBuffer[] slots = new ByteBuffer[SLOTS];
    private final AtomicLong filled = new AtomicLong();
    private final AtomicLong summed = new AtomicLong();
    private volatile long messages = Long.MAX_VALUE;
    private long sum;

    /**
     * @param size of a message in bytes
     */
    public FilledSlots(int size) {
        this.size = size;
        for (int i = 0; i < SLOTS; i++) {
            slots[i] = ByteBuffer.allocateDirect(size);
        }
    }

    /**
     * Runs for about that time.
     *
     * @return bytes a second
     */
    public double run(long nanos) throws InterruptedException {
        filled.set(0);
        summed.set(0);
        messages = Long.MAX_VALUE;
        Thread summer = new Thread(this::sum, "summer");
        summer.start();
        long start = System.nanoTime();
        long written = 0;
        long expected = 0;
        while (System.nanoTime() - start < nanos) {
            for (int looks = 0; written - summed.getAcquire() >= SLOTS; looks++) {
                pause(looks);
            }
            expected += Filled.fill(slots[(int) (written % SLOTS)].clear(), written, (byte) 0);
            filled.setRelease(++written);
        }
        messages = written;
        summer.join();
        double rate = written * (double) size / (System.nanoTime() - start) * 1e9;
        if (sum != expected) {
            throw new IllegalStateException("filled " + expected + " and summed " + sum);
        }
        return rate;
    }

    /** The system may have put both threads on one processor; then looking keeps the other from doing its part. */
    @SuppressWarnings("ThreadPriorityCheck") // Nothing relies on it.
    private static void pause(int looks) {
        if (looks < LOOKS) {
            Thread.onSpinWait();
        } else {
            Thread.yield();
        }
    }

    private void sum() {
        long sum = 0;
        int looks = 0;
        for (long read = 0; read < messages; ) {
            if (filled.getAcquire() == read) {
                pause(looks++);
            } else {
                looks = 0;
                sum += Filled.sum(slots[(int) (read % SLOTS)].duplicate().clear());
                summed.setRelease(++read);
            }
        }
        this.sum = sum;
    }
}
