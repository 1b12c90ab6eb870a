/* Copyright 2026 The Netty IPC Authors. Licensed under the Apache License, Version 2.0; see LICENSE. */
package io.nettyipc.benchmarks.contender;

/** The server's side. */
public interface Server extends Side {
    /** What the client has to know to connect, beyond the name; without blanks. */
    String location();
}
