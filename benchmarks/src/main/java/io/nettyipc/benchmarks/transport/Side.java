/* Copyright 2026 The Netty IPC Authors. Licensed under the Apache License, Version 2.0; see LICENSE. */
package io.nettyipc.benchmarks.transport;

import java.io.IOException;

/**
 * One side of an open contender: the threads that carry its messages. They stand still unless told to run, so that one
 * that spins doesn't take the processor from the others while it isn't its turn.
 */
public interface Side {
    /** Lets its threads run, and returns what it has used until then. */
    Counters resume() throws IOException, InterruptedException;

    /** Makes its threads stand still, and returns what it has used until then. */
    Counters pause() throws IOException, InterruptedException;

    /** The operating system's identifier of the thread that carries the messages, or -1. It must run. */
    long threadId() throws IOException, InterruptedException;
}
