/* Copyright 2026 The Netty IPC Authors. Licensed under the Apache License, Version 2.0; see LICENSE. */
package io.nettyipc.base.loop;

/** A thread that waits for the system on behalf of one event loop, and ends with it. */
final class LoopThread extends Thread {

    LoopThread(Runnable wait, String name) {
        super(wait, name);
        setDaemon(true);
    }

    /** Waits for its end, also when the calling thread is interrupted, which it still is afterwards. */
    void awaitEnd() {
        boolean interrupted = false;
        for (; ; ) {
            try {
                join();
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
