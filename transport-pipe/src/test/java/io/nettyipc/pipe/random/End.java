/* Copyright 2026 The Netty IPC Authors. Licensed under the Apache License, Version 2.0; see LICENSE. */
package io.nettyipc.pipe.random;

/** One of the two ends of a connection. */
enum End {
    CLIENT,
    SERVER;

    End peer() {
        return this == CLIENT ? SERVER : CLIENT;
    }
}
