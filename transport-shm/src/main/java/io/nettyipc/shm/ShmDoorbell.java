/* Copyright 2026 The Netty IPC Authors. Licensed under the Apache License, Version 2.0; see LICENSE. */
package io.nettyipc.shm;

/**
 * How a side of a connection wakes the other when that sleeps. With each of them nothing that a peer does can block the
 * event loop that rings.
 */
public enum ShmDoorbell {
    /**
     * A byte on the control connection: each side has a socket or a pipe's end of its own, and never waits for room in
     * it.
     */
    CONTROL_BYTE,
    /**
     * An eventfd where both sides ask for it and have one to use, else what {@link #CONTROL_BYTE} is. It takes Linux on
     * x86-64, aarch64 or riscv64, epoll or io_uring, and Linux AIO, by which the kernel signals eventfds without
     * waiting for room in them: containers have it unless their seccomp profile forbids {@code io_submit}. A ring costs
     * less than the byte.
     */
    EVENT_FD
}
