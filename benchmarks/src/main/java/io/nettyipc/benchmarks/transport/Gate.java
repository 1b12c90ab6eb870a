/* Copyright 2026 The Netty IPC Authors. Licensed under the Apache License, Version 2.0; see LICENSE. */
package io.nettyipc.benchmarks.transport;

import java.io.IOException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;

/** Holds a thread that runs tasks, by a task that doesn't return until the gate opens. */
public final class Gate {
    private static final int PATIENCE_SECONDS = 30;

    private final Executor thread;
    private CountDownLatch open;

    public Gate(Executor thread) {
        this.thread = thread;
    }

    /** Returns when the thread stands still. */
    public void close() throws IOException, InterruptedException {
        if (open != null) {
            return;
        }
        CountDownLatch opened = new CountDownLatch(1);
        CountDownLatch arrived = new CountDownLatch(1);
        thread.execute(() -> {
            arrived.countDown();
            awaitUninterruptibly(opened);
        });
        if (!arrived.await(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
            opened.countDown();
            throw new IOException("the event loop did not run a task within " + PATIENCE_SECONDS + " s");
        }
        open = opened;
    }

    /** Lets the thread go on. */
    public void open() {
        if (open != null) {
            open.countDown();
            open = null;
        }
    }

    private static void awaitUninterruptibly(CountDownLatch latch) {
        boolean interrupted = false;
        while (true) {
            try {
                latch.await();
                break;
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
