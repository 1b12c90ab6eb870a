/* Copyright 2026 The Netty IPC Authors. Licensed under the Apache License, Version 2.0; see LICENSE. */
package io.nettyipc.base.overlapped;

import io.netty.channel.EventLoop;
import io.netty.util.concurrent.FastThreadLocal;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * The channels of one event loop that wait for data with a buffer in hand, which saves two system calls for each read
 * but holds memory. Once a second each is asked whether anything came; one that was idle gives its buffer back. While
 * no channel is busy there is no timer.
 */
final class BusyChannels {

    private static final FastThreadLocal<BusyChannels> CURRENT = new FastThreadLocal<>() {
        @Override
        protected BusyChannels initialValue() {
            return new BusyChannels();
        }
    };

    private static final long CHECK_SECONDS = 1;

    private final List<DataWait> waits = new ArrayList<>();

    private BusyChannels() {}

    /** Returns those of the calling event loop. */
    static BusyChannels current() {
        return CURRENT.get();
    }

    void add(DataWait wait, EventLoop eventLoop) {
        waits.add(wait);
        if (waits.size() == 1) {
            schedule(eventLoop);
        }
    }

    private void schedule(EventLoop eventLoop) {
        eventLoop.schedule(() -> check(eventLoop), CHECK_SECONDS, TimeUnit.SECONDS);
    }

    private void check(EventLoop eventLoop) {
        waits.removeIf(wait -> !wait.isStillBusy());
        if (!waits.isEmpty()) {
            schedule(eventLoop);
        }
    }
}
