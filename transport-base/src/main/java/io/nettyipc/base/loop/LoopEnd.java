/* Copyright 2026 The Netty IPC Authors. Licensed under the Apache License, Version 2.0; see LICENSE. */
package io.nettyipc.base.loop;

import io.netty.channel.EventLoop;
import io.netty.util.concurrent.SingleThreadEventExecutor;

/**
 * Tells a channel that its event loop ends. The loop's I/O handler tells those whose descriptors it watches; a channel
 * that waits for something else, a FIFO's reader for example, is unknown to it. To be used by that loop only.
 */
public final class LoopEnd {
    private final Runnable action;
    private SingleThreadEventExecutor loop;

    public LoopEnd(Runnable action) {
        this.action = action;
    }

    public void await(EventLoop channelsLoop) {
        if (channelsLoop instanceof SingleThreadEventExecutor executor) {
            loop = executor;
            executor.addShutdownHook(action);
        }
    }

    public void cancel() {
        if (loop != null) {
            loop.removeShutdownHook(action);
            loop = null;
        }
    }
}
