/* Copyright 2026 The Netty IPC Authors. Licensed under the Apache License, Version 2.0; see LICENSE. */
package io.nettyipc.pipe.windows;

import io.netty.channel.ChannelPromise;
import io.netty.channel.EventLoop;
import io.netty.util.internal.logging.InternalLogger;
import io.netty.util.internal.logging.InternalLoggerFactory;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.IntConsumer;

/**
 * The end of one channel's output. An empty message among unread bytes would vanish, so the peer has to have read them
 * all before it is written. Only {@code FlushFileBuffers} can tell, and it blocks as long as the peer takes: it gets a
 * thread of its own, at most one for each channel in its life.
 */
final class OutputEnd {

    private static final InternalLogger logger = InternalLoggerFactory.getInstance(OutputEnd.class);

    private final ChannelPromise promise;
    private long handle;
    private boolean flushing;
    private boolean closesHandle;

    /** Created when the user asks for it; until {@link #flush} earlier writes are still under way. */
    OutputEnd(ChannelPromise promise) {
        this.promise = promise;
    }

    /** Done once the empty message is written. */
    ChannelPromise promise() {
        return promise;
    }

    /** Calls back, on the event loop, with 0 when the peer has read everything, or with the error. */
    void flush(long handle, EventLoop eventLoop, IntConsumer flushed) {
        this.handle = handle;
        flushing = true;
        Thread thread = new Thread(() -> flush(eventLoop, flushed), "nettyipc-pipe-flush");
        thread.setDaemon(true);
        thread.start();
    }

    private void flush(EventLoop eventLoop, IntConsumer flushed) {
        int error = Kernel32.FlushFileBuffers(handle) ? 0 : Win32Error.last().code();
        synchronized (this) {
            flushing = false;
            if (closesHandle) {
                Kernel32.CloseHandle(handle);
                return;
            }
        }
        try {
            eventLoop.execute(() -> flushed.accept(error));
        } catch (RejectedExecutionException e) {
            // The loop has ended, and the channel with it.
            logger.debug("{}: flushed", promise.channel(), e);
        }
    }

    /**
     * The channel closes. While the thread uses the handle nobody else may close it: its value could become another
     * object's. What is under way is cancelled, as closing would do.
     *
     * @return whether the thread closes the handle
     */
    synchronized boolean takeHandle() {
        closesHandle = flushing;
        if (flushing) {
            Kernel32.CancelIoEx(handle, 0);
        }
        return closesHandle;
    }
}
