/* Copyright 2026 The Netty IPC Authors. Licensed under the Apache License, Version 2.0; see LICENSE. */
package io.nettyipc.base.loop;

import io.netty.channel.EventLoop;
import io.nettyipc.base.os.Descriptor;
import io.nettyipc.base.os.LibC;
import java.io.IOException;
import java.util.concurrent.RejectedExecutionException;

/** A watch by {@link Poller}'s thread, for event loops that can't watch descriptors. */
final class PollWatch extends DescriptorWatch {
    private final EventLoop loop;
    private final Descriptor descriptor;
    private final Listener listener;
    private final Poller poller;
    /** Events that happen only once: {@code poll} isn't asked for them again. */
    private static final short GONE = (short) (LibC.POLLHUP | LibC.POLLERR | LibC.POLLNVAL | LibC.POLLRDHUP);

    /** Guarded by the poller, like the following: set by the loop and by the poller. */
    private short awaited;

    private boolean armed;
    private volatile boolean cancelled;

    PollWatch(EventLoop loop, Descriptor descriptor, Listener listener) throws IOException {
        this.loop = loop;
        this.descriptor = descriptor;
        this.listener = listener;
        this.poller = Poller.instance();
        // A peer that goes is told in any case, also while nothing else is awaited.
        await(LibC.POLLRDHUP);
    }

    @Override
    public void awaitInput() {
        await(LibC.POLLIN);
    }

    @Override
    public void awaitOutput() {
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
    public void cancel() {
        cancelled = true;
        poller.remove(this);
    }

    // ---- for the poller, which has locked itself

    int descriptor() {
        return descriptor.number();
    }

    short awaited() {
        return awaited;
    }

    /**
     * Tells the channel.
     *
     * @return whether to go on waiting, for what has not happened; else until the channel asks again
     */
    boolean happened(short events) {
        boolean gone = (events & GONE) != 0;
        armed = !gone;
        awaited = gone ? 0 : (short) (awaited & ~events);
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
            armed = false;
        }
        return armed;
    }
}
