/* Copyright 2026 The Netty IPC Authors. Licensed under the Apache License, Version 2.0; see LICENSE. */
package io.nettyipc.shm.control;

import io.netty.channel.IoEventLoop;
import java.io.IOException;
import java.util.function.Consumer;

/** Wakes the peer, and is woken by it. For one event loop. */
abstract class Doorbell {

    Doorbell() {}

    /**
     * Begins to listen to the peer's rings.
     *
     * @param failed told why it cannot; it may be before this returns
     */
    abstract void start(IoEventLoop loop, Runnable rung, Consumer<IOException> failed);

    abstract void ring();

    /** The peer has rung by bytes on the control connection. */
    void heardBytes() {}

    /**
     * Listens no more, and leaves the eventfds to the caller.
     *
     * @return whether they are still open
     */
    abstract boolean release();

    abstract void close();

    /** Rings by a byte on the control connection. */
    static final class ControlByte extends Doorbell {
        private final ControlConnection control;

        ControlByte(ControlConnection control) {
            this.control = control;
        }

        @Override
        void start(IoEventLoop loop, Runnable rung, Consumer<IOException> failed) {
            // The link listens to the control connection anyway.
        }

        @Override
        void ring() {
            control.ring();
        }

        @Override
        boolean release() {
            return true;
        }

        @Override
        void close() {
            // The link closes the control connection.
        }
    }
}
