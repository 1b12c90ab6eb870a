/* Copyright 2026 The Netty IPC Authors. Licensed under the Apache License, Version 2.0; see LICENSE. */
package io.nettyipc.base.loop;

import io.netty.channel.EventLoop;
import io.netty.channel.IoEventLoop;
import io.netty.channel.epoll.Epoll;
import io.nettyipc.base.os.Descriptor;
import java.io.IOException;

/**
 * Tells a channel on its event loop when a descriptor can be read or written. To be used by that loop only.
 *
 * <p>What is told is a change: a channel that was told so reads or writes until {@code EAGAIN}, or until it knows that
 * nothing is left, before it asks again. So a peer that has gone is told once and not for ever, also while nobody
 * reads.
 */
public abstract class DescriptorWatch {

    /** What becomes known of a descriptor. */
    public interface Listener {
        /**
         * The descriptor's state has changed.
         *
         * @param input  it can be read, perhaps for its end only
         * @param output it can be written
         * @param gone   the other side has closed, or will write no more
         */
        void ready(boolean input, boolean output, boolean gone);

        /** {@link #ready} threw this. */
        void failed(Throwable cause);

        /** The event loop ends. */
        void loopEnds();
    }

    /** Tells of a change. What a channel throws must not end its event loop, nor be lost in its log. */
    static void tell(Listener listener, boolean input, boolean output, boolean gone) {
        try {
            listener.ready(input, output, gone);
        } catch (Throwable t) {
            listener.failed(t);
        }
    }

    /**
     * Watches with the event loop's own epoll or io_uring if it has one, else with {@link Poller}'s thread.
     *
     * @param input  whether it will be read
     * @param output whether it will be written
     */
    public static DescriptorWatch start(
            EventLoop loop, Descriptor descriptor, boolean input, boolean output, Listener listener)
            throws IOException {
        if (EPOLL && loop instanceof IoEventLoop ioLoop && EpollWatch.isCompatible(ioLoop)) {
            return EpollWatch.start(ioLoop, descriptor, input, output, listener);
        }
        if (loop instanceof IoEventLoop ioLoop && isUring(ioLoop)) {
            return UringWatch.start(ioLoop, descriptor, listener);
        }
        return new PollWatch(loop, descriptor, listener);
    }

    static final boolean EPOLL = isEpollAvailable();

    private static boolean isEpollAvailable() {
        try {
            return Epoll.isAvailable();
        } catch (LinkageError e) {
            // The classes are an optional dependency.
            return false;
        }
    }

    /** Whether an event loop has io_uring; then it is available. To look for it takes native code and rings. */
    static boolean isUring(IoEventLoop loop) {
        return URING && UringPolls.isCompatible(loop);
    }

    private static final boolean URING = hasUringClasses();

    private static boolean hasUringClasses() {
        try {
            return UringPolls.isPresent();
        } catch (LinkageError e) {
            // The classes are an optional dependency.
            return false;
        }
    }

    /** Whether the descriptor, a regular file's for example, is never told about because it can always be used. */
    public boolean isAlwaysReady() {
        return false;
    }

    /** Reading met {@code EAGAIN}, or nothing is known yet. */
    public abstract void awaitInput();

    /** Writing met {@code EAGAIN}. */
    public abstract void awaitOutput();

    /** Ends the watch; the listener isn't called any more. To be called before the descriptor is closed. */
    public abstract void cancel();
}
