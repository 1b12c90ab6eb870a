/* Copyright 2026 The Netty IPC Authors. Licensed under the Apache License, Version 2.0; see LICENSE. */
package io.nettyipc.benchmarks.contender;

import io.aeron.Image;
import io.aeron.Subscription;
import io.aeron.logbuffer.FragmentHandler;
import java.io.IOException;
import java.util.concurrent.TimeUnit;

/** A publication to the server and the subscription to its answers. Both spin, and give up after a while. */
final class AeronConnection {
    private static final long PATIENCE = TimeUnit.SECONDS.toNanos(20);
    private static final int FRAGMENTS = 64;

    private final AeronOut out;
    private final Subscription in;
    private final Image answers;

    AeronConnection(AeronOut out, Subscription in) throws IOException, InterruptedException {
        this.out = out;
        this.in = in;
        long deadline = System.nanoTime() + PATIENCE;
        while (!out.isConnected() || !in.isConnected()) {
            if (System.nanoTime() > deadline) {
                throw new IOException("Aeron did not connect the two processes");
            }
            Thread.sleep(1);
        }
        answers = in.imageAtIndex(0);
    }

    AeronOut out() {
        return out;
    }

    /** Returns whether there was an answer, after a good while of looking. */
    boolean poll(FragmentHandler handler) {
        for (int i = 0; i < 10_000; i++) {
            if (answers.poll(handler, FRAGMENTS) > 0) {
                return true;
            }
        }
        return false;
    }

    void close() {
        out.close();
        in.close();
    }
}
