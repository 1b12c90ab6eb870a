/* Copyright 2026 The Netty IPC Authors. Licensed under the Apache License, Version 2.0; see LICENSE. */
package io.nettyipc.codec.call;

import io.netty.handler.codec.CorruptedFrameException;

/**
 * How many bytes of messages the peer takes: in one call, or in all calls of a connection. Used on the event loop only.
 */
class SendWindow {

    private long left;

    /** {@return whether a message may be sent, of whatever length} */
    final boolean isOpen() {
        return left > 0;
    }

    final void take(int messageLength) {
        left -= Frame.cost(messageLength);
    }

    /** Opens the window as far as the peer's HELLO says. */
    final void begin(int bytes) {
        left += bytes;
    }

    /**
     * Opens the window as a WINDOW frame says.
     *
     * @throws CorruptedFrameException if no frame may say so
     */
    final void reopen(long call, int increment) {
        long opened = left + increment;
        if (increment <= 0 || opened > Integer.MAX_VALUE) {
            throw new CorruptedFrameException(
                    "call " + call + ": a window of " + left + " opened by " + Integer.toUnsignedString(increment));
        }
        left = opened;
    }
}
