/* Copyright 2026 The Netty IPC Authors. Licensed under the Apache License, Version 2.0; see LICENSE. */
package io.nettyipc.pipe.unix;

import io.netty.channel.EventLoop;
import io.netty.util.concurrent.SingleThreadEventExecutor;
import java.io.IOException;
import java.util.concurrent.RejectedExecutionException;

/** A watch by {@link Poller}'s thread, for event loops that can't watch descriptors. */
final class PollWatch extends DescriptorWatch {
    private final EventLoop loop;
    private final Descriptor descriptor;
    private final Listener listener;
    private final Poller poller;
    private final Runnable loopEnds;
    /** Set by the loop and by the poller, guarded by the poller. */
    private short awaited;

    private boolean armed;
    private volatile boolean cancelled;

    PollWatch(EventLoop loop, Descriptor descriptor, Listener listener) throws IOException {
        this.loop = loop;
        this.descriptor = descriptor;
        this.listener = listener;
        this.poller = Poller.instance();
        this.loopEnds = listener::loopEnds;
        if (loop instanceof SingleThreadEventExecutor executor) {
            executor.addShutdownHook(loopEnds);
        }
        // A peer that goes is told in any case.
        await((short) 0);
    }

    @Override
    void awaitInput() {
        await(LibC.POLLIN);
    }

    @Override
    void awaitOutput() {
        await(LibC.POLLOUT);
    }

    private void await(short event) {
        synchronized (poller) {
            short now = (short) (awaited | event);
            if (armed && now == awaited) {
                return;
            }
            awaited = now;
            armed = true;
            poller.add(this);
        }
    }

    @Override
    void cancel() {
        cancelled = true;
        poller.remove(this);
        if (loop instanceof SingleThreadEventExecutor executor) {
            executor.removeShutdownHook(loopEnds);
        }
    }

    // ---- for the poller, which has locked itself

    int descriptor() {
        return descriptor.number();
    }

    short awaited() {
        return awaited;
    }

    /** Tells the channel, and waits for nothing more until that asks again. */
    void happened(short events) {
        armed = false;
        awaited = 0;
        boolean gone = (events & (LibC.POLLHUP | LibC.POLLERR)) != 0;
        boolean input = gone || (events & LibC.POLLIN) != 0;
        boolean output = gone || (events & LibC.POLLOUT) != 0;
        try {
            loop.execute(() -> {
                if (!cancelled) {
                    tell(listener, input, output, gone);
                }
            });
        } catch (RejectedExecutionException e) {
            // The loop has ended, and its channels with it.
        }
    }
}
