/* Copyright 2026 The Netty IPC Authors. Licensed under the Apache License, Version 2.0; see LICENSE. */
package io.nettyipc.benchmarks.workload;

import java.nio.ByteBuffer;
import java.util.concurrent.atomic.AtomicLong;

/** Two threads: one fills four slots of memory in turn, the other sums them. {@link Filled} without a way between. */
public final class FilledSlots {
    private static final int SLOTS = 4;

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
     * Runs once for about that time.
     *
     * @return bytes a second
     */
    public double run(long nanos) throws InterruptedException {
        Thread summer = new Thread(this::sum, "summer");
        summer.start();
        long start = System.nanoTime();
        long written = 0;
        long expected = 0;
        while (System.nanoTime() - start < nanos) {
            while (written - summed.getAcquire() >= SLOTS) {
                Thread.onSpinWait();
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

    private void sum() {
        long sum = 0;
        for (long read = 0; read < messages; ) {
            if (filled.getAcquire() == read) {
                Thread.onSpinWait();
            } else {
                sum += Filled.sum(slots[(int) (read % SLOTS)].duplicate().clear());
                summed.setRelease(++read);
            }
        }
        this.sum = sum;
    }
}
