/* Copyright 2026 The Netty IPC Authors. Licensed under the Apache License, Version 2.0; see LICENSE. */
package io.nettyipc.shm;

import io.netty.util.concurrent.EventExecutor;
import io.netty.util.concurrent.ThreadAwareExecutor;
import io.nettyipc.base.loop.LoopCount;
import java.time.Duration;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import java.util.WeakHashMap;

/** What an event loop counts. The loop writes, and any thread may read. */
final class LoopCounts {

    /** Of loops that may have been forgotten without an end. */
    private static final Map<ThreadAwareExecutor, LoopCounts> ALL = Collections.synchronizedMap(new WeakHashMap<>());

    private final Spinning spinning;
    private final LoopCount sleeps = new LoopCount();
    private final LoopCount sleepNanos = new LoopCount();

    private final Set<ShmChannel> open = new LinkedHashSet<>();
    /** Of the channels that have closed. */
    private ShmChannelMetrics closed = ShmChannelMetrics.NONE;

    private LoopCounts(Spinning spinning) {
        this.spinning = spinning;
    }

    /**
     * Returns those of a new loop.
     *
     * @param spinning counts its own
     */
    static LoopCounts ofNew(ThreadAwareExecutor loop, Spinning spinning) {
        LoopCounts counts = new LoopCounts(spinning);
        ALL.put(loop, counts);
        return counts;
    }

    /**
     * Returns those of a loop.
     *
     * @throws IllegalArgumentException if it doesn't serve shared memory
     */
    static LoopCounts of(EventExecutor loop) {
        LoopCounts counts = ALL.get(loop);
        if (counts == null) {
            throw new IllegalArgumentException("not an event loop of Shm.newIoHandlerFactory(): " + loop);
        }
        return counts;
    }

    /** What the loop does while its rings are empty. */
    ShmSpinStrategy spinStrategy() {
        return spinning.strategy();
    }

    void slept(long nanos) {
        sleeps.increment();
        sleepNanos.add(nanos);
    }

    synchronized void opened(ShmChannel channel) {
        open.add(channel);
    }

    /** The channel counts no more. */
    synchronized void closed(ShmChannel channel) {
        if (open.remove(channel)) {
            closed = closed.plus(channel.metrics());
        }
    }

    synchronized ShmLoopMetrics metrics() {
        ShmChannelMetrics traffic = closed;
        for (ShmChannel channel : open) {
            traffic = traffic.plus(channel.metrics());
        }
        return new ShmLoopMetrics(
                spinStrategy(),
                open.size(),
                traffic,
                sleeps.get(),
                Duration.ofNanos(sleepNanos.get()),
                Duration.ofNanos(spinning.nanosPaid().get()),
                Duration.ofNanos(spinning.nanosInVain().get()));
    }
}
