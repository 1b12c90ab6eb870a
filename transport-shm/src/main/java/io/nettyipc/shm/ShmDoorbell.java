/* Copyright 2026 The Netty IPC Authors. Licensed under the Apache License, Version 2.0; see LICENSE. */
package io.nettyipc.shm;

/** How a side of a connection wakes the other when that sleeps. */
public enum ShmDoorbell {
    /**
     * An eventfd where both sides have one to use, which takes Linux, epoll, and a peer of the same user; else what
     * {@link #CONTROL_BYTE} is. Whoever has the other end's eventfd could block that side's event loop with it: not for
     * processes of the same user that are not to be trusted with that.
     */
    EVENT_FD,
    /** A byte on the control connection. */
    CONTROL_BYTE
}
