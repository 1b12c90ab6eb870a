/* Copyright 2026 The Netty IPC Authors. Licensed under the Apache License, Version 2.0; see LICENSE. */
package io.nettyipc.base.loop;

import java.util.ArrayDeque;

/** The idle write operations of one event loop, so that a write allocates none. */
public final class WriteOperations {

    private final ArrayDeque<WriteOperation> idle = new ArrayDeque<>();

    WriteOperations() {}

    /** Returns an idle operation, or a new one. */
    public WriteOperation take() {
        WriteOperation write = idle.poll();
        return write != null ? write : new WriteOperation();
    }

    /** Takes back an operation that is over. */
    public void giveBack(WriteOperation write) {
        idle.push(write);
    }
}
