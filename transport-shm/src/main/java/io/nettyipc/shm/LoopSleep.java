/* Copyright 2026 The Netty IPC Authors. Licensed under the Apache License, Version 2.0; see LICENSE. */
package io.nettyipc.shm;

import io.netty.channel.IoHandlerContext;
import io.netty.util.internal.PlatformDependent;
import io.nettyipc.base.loop.LoopContext;
import io.nettyipc.shm.jfr.LoopSleepEvent;

/**
 * An event loop's time of waiting in its other handler: the context that it gives that handler, by which it sees when
 * the handler is back from the system. For one event loop.
 */
final class LoopSleep extends LoopContext {

    private final LoopCounts counts;
    private long beganAt;
    private long endedAt;
    /** Null unless the loop sleeps, and that is recorded. */
    private LoopSleepEvent event;

    private boolean awake;

    LoopSleep(LoopCounts counts) {
        this.counts = counts;
    }

    /** The loop is about to wait. */
    LoopSleep begin(IoHandlerContext context) {
        over(context);
        awake = false;
        if (PlatformDependent.isJfrEnabled()) {
            event = LoopSleepEvent.startIfRecorded();
        }
        beganAt = System.nanoTime();
        return this;
    }

    @Override
    public boolean canBlock() {
        awake = false;
        return super.canBlock();
    }

    /** Netty's handlers and ours ask this when they are back from the system, before they handle what has come. */
    @Override
    public boolean shouldReportActiveIoTime() {
        if (!awake) {
            wake();
        }
        return super.shouldReportActiveIoTime();
    }

    private void wake() {
        awake = true;
        endedAt = System.nanoTime();
        if (event != null) {
            event.wake();
        }
    }

    /**
     * The loop has handled what had come.
     *
     * @param connections that the loop has
     * @param events      that had come
     */
    void end(int connections, int events) {
        if (!awake) {
            // A handler that doesn't tell.
            wake();
        }
        counts.slept(endedAt - beganAt);
        if (event != null) {
            LoopSleepEvent ended = event;
            event = null;
            ended.commitIfLongEnough(connections, events);
        }
    }
}
