/* Copyright 2026 The Netty IPC Authors. Licensed under the Apache License, Version 2.0; see LICENSE. */
package io.nettyipc.benchmarks.contender;

import io.aeron.Publication;
import io.aeron.Subscription;
import io.aeron.logbuffer.FragmentHandler;
import java.io.IOException;
import java.util.concurrent.TimeUnit;
import org.agrona.DirectBuffer;

/** A publication to the server and the subscription to its answers. Both spin, and give up after a while. */
final class AeronConnection {
    private static final long PATIENCE = TimeUnit.SECONDS.toNanos(20);
    private static final int FRAGMENTS = 64;

    private final Publication out;
    private final Subscription in;

    AeronConnection(Publication out, Subscription in) throws IOException, InterruptedException {
        this.out = out;
        this.in = in;
        long deadline = System.nanoTime() + PATIENCE;
        while (!out.isConnected() || !in.isConnected()) {
            if (System.nanoTime() > deadline) {
                throw new IOException("Aeron did not connect the two processes");
            }
            Thread.sleep(1);
        }
    }

    /** Sends, as soon as there is room. */
    void send(DirectBuffer message, int length) throws IOException {
        if (out.offer(message, 0, length) > 0) {
            return;
        }
        long deadline = System.nanoTime() + PATIENCE;
        while (out.offer(message, 0, length) < 0) {
            Thread.onSpinWait();
            if (System.nanoTime() > deadline) {
                throw new IOException("the server does not read");
            }
        }
    }

    /** Returns whether there was an answer, after a good while of looking. */
    boolean poll(FragmentHandler handler) {
        for (int i = 0; i < 10_000; i++) {
            if (in.poll(handler, FRAGMENTS) > 0) {
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
