/* Copyright 2026 The Netty IPC Authors. Licensed under the Apache License, Version 2.0; see LICENSE. */
package io.nettyipc.base.loop;

import io.netty.channel.Channel;
import io.netty.channel.EventLoop;
import io.netty.channel.SingleThreadEventLoop;

/**
 * What a channel does in its event loop's next turn, after the loop has looked what has come for other channels. A task
 * that a task hands to {@code execute} runs in the same turn, which lasts for up to a second: a channel that always has
 * something to do would leave the others nothing of the loop for that long.
 */
public final class NextTurn {
    private final Channel channel;
    private final Runnable task;
    private final Runnable atEndOfTurn = this::handOver;

    public NextTurn(Channel channel, Runnable task) {
        this.channel = channel;
        this.task = task;
    }

    /** Has the task run. To be called on the channel's event loop. */
    public void await() {
        EventLoop loop = channel.eventLoop();
        if (loop instanceof SingleThreadEventLoop singleThread) {
            singleThread.executeAfterEventLoopIteration(atEndOfTurn);
        } else {
            loop.execute(task);
        }
    }

    private void handOver() {
        // A loop that ends takes no more tasks, and has closed its channels.
        if (channel.isOpen()) {
            channel.eventLoop().execute(task);
        }
    }
}
