/* Copyright 2026 The Netty IPC Authors. Licensed under the Apache License, Version 2.0; see LICENSE. */
package io.nettyipc.benchmarks.contender;

import io.nettyipc.benchmarks.transport.Side;
import java.io.IOException;

/** The server's side. */
public interface Server {
    Side side();

    /** What the client has to know to connect, beyond the name; without blanks. */
    String location();

    /** Closes everything. It may stand still or run. */
    void close() throws IOException, InterruptedException;
}
