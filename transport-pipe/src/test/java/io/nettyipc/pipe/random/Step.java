/* Copyright 2026 The Netty IPC Authors. Licensed under the Apache License, Version 2.0; see LICENSE. */
package io.nettyipc.pipe.random;

import java.util.List;

/**
 * Calls that one thread makes one after the other.
 *
 * @param end        whose channel; {@code null} to flush both, and to wait until everything has arrived
 * @param onLoop     whether the thread is the event loop's, in one task, or another
 * @param operations the calls
 */
record Step(End end, boolean onLoop, List<Operation> operations) {

    static final Step SETTLE = new Step(null, false, List.of());

    boolean isReregistration() {
        return operations.size() == 1 && operations.get(0) instanceof Operation.Reregister;
    }

    @Override
    public String toString() {
        return end == null ? "settle" : end + (onLoop ? " on its loop: " : " from another thread: ") + operations;
    }
}
