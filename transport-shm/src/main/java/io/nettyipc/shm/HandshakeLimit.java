/* Copyright 2026 The Netty IPC Authors. Licensed under the Apache License, Version 2.0; see LICENSE. */
package io.nettyipc.shm;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.IntSupplier;

/** Counts the handshakes that a server has under way. For all its children's event loops. */
final class HandshakeLimit {

    private final IntSupplier limit;
    private final Runnable room;
    private final AtomicInteger underWay = new AtomicInteger();
    private volatile boolean roomAwaited;

    /**
     * Begins with none.
     *
     * @param room run when there is room again, on the thread of whoever made it
     */
    HandshakeLimit(IntSupplier limit, Runnable room) {
        this.limit = limit;
        this.room = room;
    }

    /** Whether one more may begin; if not, the server is told when there is room. */
    boolean hasRoom() {
        if (isBelowLimit()) {
            return true;
        }
        roomAwaited = true;
        // One may have ended before it could see that.
        return isBelowLimit();
    }

    private boolean isBelowLimit() {
        return underWay.get() < limit.getAsInt();
    }

    void begun() {
        underWay.incrementAndGet();
    }

    void ended() {
        underWay.decrementAndGet();
        if (roomAwaited) {
            roomAwaited = false;
            room.run();
        }
    }
}
