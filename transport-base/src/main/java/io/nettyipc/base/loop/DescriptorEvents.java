/* Copyright 2026 The Netty IPC Authors. Licensed under the Apache License, Version 2.0; see LICENSE. */
package io.nettyipc.base.loop;

import io.netty.channel.IoEventLoop;
import java.io.IOException;

/**
 * Tells what comes to a descriptor by the event loop's own epoll or io_uring: as long as something is there, or each
 * time that something comes, whether what came before was taken or not. To be used by that loop only.
 */
public abstract class DescriptorEvents {

    /** What becomes known of a descriptor. */
    public interface Listener {

        /**
         * It can be read.
         *
         * @param ended the other side has closed, or will write no more
         */
        void readable(boolean ended);

        /** Nothing is told any more, since it can't be. */
        void failed(IOException cause);

        /** The event loop ends. */
        void loopEnds();
    }

    DescriptorEvents() {}

    /** Whether an event loop can tell; others have nothing but {@link DescriptorWatch}. */
    public static boolean isServedBy(IoEventLoop loop) {
        return isEpoll(loop) || isUring(loop);
    }

    /** Whether an event loop tells by io_uring. */
    public static boolean isUring(IoEventLoop loop) {
        // Whoever has epoll is spared the look for io_uring, which loads a library and makes rings of the kernel's.
        return !isEpoll(loop) && DescriptorWatch.isUring(loop) && UringEvents.isCompatible(loop);
    }

    private static boolean isEpoll(IoEventLoop loop) {
        return DescriptorWatch.EPOLL && EpollEvents.isCompatible(loop);
    }

    /**
     * Begins. Each time that something comes is told, and not as long as something is there.
     *
     * @param loop a loop that {@linkplain #isServedBy serves} it
     * @throws IOException if the system refuses
     */
    public static DescriptorEvents start(IoEventLoop loop, int descriptor, Listener listener) throws IOException {
        return isEpoll(loop)
                ? EpollEvents.begin(loop, descriptor, listener)
                : UringEvents.begin(loop, descriptor, listener);
    }

    /** Ends it; the listener isn't called any more. To be called before the descriptor is closed. */
    public abstract void cancel();
}
