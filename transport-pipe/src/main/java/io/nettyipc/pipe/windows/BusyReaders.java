/* Copyright 2026 The Netty IPC Authors. Licensed under the Apache License, Version 2.0; see LICENSE. */
package io.nettyipc.pipe.windows;

import io.netty.channel.EventLoop;
import io.netty.util.concurrent.FastThreadLocal;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * The channels of one event loop that wait for data with a buffer in hand, which saves two system calls for each read but
 * holds memory. Once a second each is asked whether anything came; one that was idle gives its buffer back. While no
 * channel is busy there is no timer.
 */
final class BusyReaders {

    private static final FastThreadLocal<BusyReaders> CURRENT = new FastThreadLocal<>() {
        @Override
        protected BusyReaders initialValue() {
            return new BusyReaders();
        }
    };

    private static final long CHECK_SECONDS = 1;

    private final List<PipeReader> readers = new ArrayList<>();

    private BusyReaders() {}

    /** Returns those of the calling event loop. */
    static BusyReaders current() {
        return CURRENT.get();
    }

    void add(PipeReader reader, EventLoop eventLoop) {
        readers.add(reader);
        if (readers.size() == 1) {
            schedule(eventLoop);
        }
    }

    private void schedule(EventLoop eventLoop) {
        eventLoop.schedule(() -> check(eventLoop), CHECK_SECONDS, TimeUnit.SECONDS);
    }

    private void check(EventLoop eventLoop) {
        readers.removeIf(reader -> !reader.isStillBusy());
        if (!readers.isEmpty()) {
            schedule(eventLoop);
        }
    }
}
