/* Copyright 2026 The Netty IPC Authors. Licensed under the Apache License, Version 2.0; see LICENSE. */
package io.nettyipc.shm;

/** How a side of a connection wakes the other when that sleeps. */
public enum ShmDoorbell {
    /**
     * A byte on the control connection. Nothing that a peer does can block the event loop that sends it: each side has a
     * socket or a pipe's end of its own, and never waits for room in it.
     */
    CONTROL_BYTE,
    /**
     * An eventfd where both sides ask for it and have one to use, which takes Linux, epoll, and a peer of the same user; else
     * what {@link #CONTROL_BYTE} is. A ring costs some half a microsecond less. But both sides write to the same open
     * file: <b>a peer that makes it blocking and fills it stops the other's event loop</b>, with all its channels, for as
     * long as it likes. Only for peers that may do that.
     */
    EVENT_FD
}
