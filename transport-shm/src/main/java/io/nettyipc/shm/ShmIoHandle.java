/* Copyright 2026 The Netty IPC Authors. Licensed under the Apache License, Version 2.0; see LICENSE. */
package io.nettyipc.shm;

import io.netty.channel.IoEvent;
import io.netty.channel.IoHandle;
import io.netty.channel.IoRegistration;
import io.nettyipc.base.os.ThreadProcessor;

/** What a {@link ShmIoHandler} serves itself: the two ends of a ring, or a server. For its event loop. */
interface ShmIoHandle extends IoHandle {

    /**
     * Looks at the rings and does what can be done now.
     *
     * @return whether anything was done
     */
    boolean poll();

    /**
     * Prepares to be woken by the peer.
     *
     * @return whether to sleep; if not, there is something to {@link #poll}
     */
    boolean sleep();

    /** The loop's thread is on that processor: tells the peer. */
    default void setProcessor(int processor) {
        // Nobody wants to know.
    }

    /** Returns the processor that the peer's thread is on, as it says; -1 if it doesn't. */
    default int peerProcessor() {
        return ThreadProcessor.UNKNOWN;
    }

    /** Whether there is anything to {@link #poll}, ever. */
    boolean isRing();

    @Override
    void close();

    @Override
    default void handle(IoRegistration registration, IoEvent event) {
        throw new UnsupportedOperationException();
    }
}
