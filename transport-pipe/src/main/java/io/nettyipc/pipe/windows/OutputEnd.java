/* Copyright 2026 The Netty IPC Authors. Licensed under the Apache License, Version 2.0; see LICENSE. */
package io.nettyipc.pipe.windows;

import io.netty.channel.ChannelPromise;
import io.netty.channel.EventLoop;
import io.netty.util.internal.logging.InternalLogger;
import io.netty.util.internal.logging.InternalLoggerFactory;
import io.nettyipc.base.loop.BlockingHandle;
import io.nettyipc.base.os.Kernel32;
import io.nettyipc.base.os.Win32Error;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.IntConsumer;

/**
 * The end of one channel's output. An empty message among unread bytes would vanish, so the peer has to have read them
 * all before it is written. Only {@code FlushFileBuffers} can tell, and it blocks as long as the peer takes: it gets a
 * thread of its own, at most one for each channel in its life.
 */
final class OutputEnd {

    private static final InternalLogger logger = InternalLoggerFactory.getInstance(OutputEnd.class);

    private static final long FIRST_CANCEL_AGAIN_MILLIS = 10;
    private static final long LAST_CANCEL_AGAIN_MILLIS = 1000;

    private final ChannelPromise promise;
    private long handle;
    /** Whether the thread uses the handle. */
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
        Thread thread = new Thread(() -> flush(eventLoop, flushed), "nettyipc-pipe-flush");
        thread.setDaemon(true);
        use(handle);
        try {
            thread.start();
        } catch (Throwable t) {
            doneWithHandle();
            promise.tryFailure(t);
        }
    }

    private void flush(EventLoop eventLoop, IntConsumer flushed) {
        int error = Win32Error.OPERATION_ABORTED;
        if (!isClosing()) {
            error = Kernel32.FlushFileBuffers(handle)
                    ? Win32Error.SUCCESS
                    : Win32Error.last().code();
        }
        if (doneWithHandle()) {
            return;
        }
        int result = error;
        try {
            eventLoop.execute(() -> flushed.accept(result));
        } catch (RejectedExecutionException e) {
            // The loop has ended, and the channel with it.
            logger.debug("{}: flushed", promise.channel(), e);
        }
    }

    private synchronized void use(long handle) {
        this.handle = handle;
        flushing = true;
    }

    private synchronized boolean isClosing() {
        return closesHandle;
    }

    /** Returns whether the channel is closed, and the handle with it now. */
    private synchronized boolean doneWithHandle() {
        flushing = false;
        notifyAll();
        if (closesHandle) {
            Kernel32.CloseHandle(handle);
        }
        return closesHandle;
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
            BlockingHandle.CLOSER.execute(this::cancel);
        }
        return closesHandle;
    }

    /** Again until it has helped: a flush that is about to begin isn't there yet to be cancelled. */
    private synchronized void cancel() {
        long pause = FIRST_CANCEL_AGAIN_MILLIS;
        try {
            while (flushing) {
                wait(pause);
                if (flushing) {
                    Kernel32.CancelIoEx(handle, 0);
                }
                pause = Math.min(2 * pause, LAST_CANCEL_AGAIN_MILLIS);
            }
        } catch (InterruptedException e) {
            // Only code that ends the process's threads interrupts this one.
            logger.debug("{}: no longer cancelled", promise.channel(), e);
            Thread.currentThread().interrupt();
        }
    }
}
