/* Copyright 2026 The Netty IPC Authors. Licensed under the Apache License, Version 2.0; see LICENSE. */
package io.nettyipc.codec.call;

import java.util.LinkedHashSet;
import java.util.Set;

/**
 * The window that all calls of a connection share, and those that wait for it. Used on the event loop, but for
 * {@link #hasRoom}.
 */
final class ConnectionSendWindow extends SendWindow {

    /** Their own windows are open. */
    private final Set<CallOutput> waiting = new LinkedHashSet<>();

    private volatile boolean room;

    /** {@return whether a message may be sent} Any thread. */
    boolean hasRoom() {
        return room;
    }

    void open(int bytes) {
        begin(bytes);
        room = true;
    }

    void takeMessage(int messageLength) {
        take(messageLength);
        if (!isOpen()) {
            room = false;
        }
    }

    void await(CallOutput output) {
        waiting.add(output);
    }

    void forget(CallOutput output) {
        waiting.remove(output);
    }

    /** Opens the window as a WINDOW frame says, and lets those send that wait. */
    void reopenAndSend(int increment) {
        reopen(0, increment);
        while (isOpen() && !waiting.isEmpty()) {
            CallOutput first = waiting.iterator().next();
            waiting.remove(first);
            first.sendWaiting();
        }
    }

    /** {@return whether there is room again} */
    boolean update() {
        boolean before = room;
        room = isOpen();
        return room && !before;
    }
}
