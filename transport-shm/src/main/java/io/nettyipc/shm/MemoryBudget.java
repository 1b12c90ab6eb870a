/* Copyright 2026 The Netty IPC Authors. Licensed under the Apache License, Version 2.0; see LICENSE. */
package io.nettyipc.shm;

import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;

/** The bytes that a server's connections may have together. For all its children's event loops. */
final class MemoryBudget {

    private final LongSupplier limit;
    private final AtomicLong used = new AtomicLong();

    MemoryBudget(LongSupplier limit) {
        this.limit = limit;
    }

    boolean reserve(long bytes) {
        if (used.addAndGet(bytes) <= limit.getAsLong()) {
            return true;
        }
        used.addAndGet(-bytes);
        return false;
    }

    void release(long bytes) {
        used.addAndGet(-bytes);
    }
}
