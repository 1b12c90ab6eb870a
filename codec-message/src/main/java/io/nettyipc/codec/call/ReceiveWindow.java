/* Copyright 2026 The Netty IPC Authors. Licensed under the Apache License, Version 2.0; see LICENSE. */
package io.nettyipc.codec.call;

import io.netty.handler.codec.CorruptedFrameException;

/**
 * How many bytes of messages the peer may send: in one call, or in all calls of a connection. Used on the event loop
 * only.
 */
class ReceiveWindow {

    private final int size;
    private long available;
    private int consumed;

    ReceiveWindow(int size) {
        this.size = size;
        this.available = size;
    }

    /**
     * Counts a message that comes.
     *
     * @throws CorruptedFrameException if there is no window for it
     */
    final void take(long call, int messageLength) {
        if (available <= 0) {
            throw new CorruptedFrameException((call == 0 ? "all calls" : "call " + call) + ": a message of "
                    + messageLength + " bytes, but the window is " + available);
        }
        available -= Frame.cost(messageLength);
    }

    /**
     * Counts a message that has gone; returns by how much the peer is to be told that the window opens, 0 for not yet.
     */
    final int giveBack(int messageLength) {
        consumed += Frame.cost(messageLength);
        if (consumed < size / 2) {
            return 0;
        }
        int increment = consumed;
        available += increment;
        consumed = 0;
        return increment;
    }
}
