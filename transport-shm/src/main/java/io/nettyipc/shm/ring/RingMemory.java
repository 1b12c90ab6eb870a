/* Copyright 2026 The Netty IPC Authors. Licensed under the Apache License, Version 2.0; see LICENSE. */
package io.nettyipc.shm.ring;

import java.io.IOException;
import java.nio.ByteBuffer;

/**
 * Memory for a ring: a side's own segment, or its view of the peer's. The system may be asked for it bit by bit, as it
 * comes to be used.
 */
public interface RingMemory extends AutoCloseable {

    /**
     * Returns a new direct buffer over all of the memory, 8-byte aligned, read-only if the memory is. It must not be
     * used after {@link #close()}: the address may be unmapped, and the JVM would crash.
     */
    ByteBuffer buffer();

    /** Returns the address of all of the memory, in use as long as {@link #buffer()} may be. */
    long address();

    /** Returns how many bytes from the beginning on can be accessed; an access behind them may end the JVM. */
    int prepared();

    /**
     * Asks the system for more of the memory, if it hasn't given that much.
     *
     * @param size that can be accessed from then on, in bytes from the beginning
     * @throws IOException if the system has none left
     */
    void prepare(int size) throws IOException;

    /**
     * Whether the system has given that much of the memory, to whomever.
     *
     * @param size in bytes from the beginning
     */
    boolean isTaken(int size);

    /** Whether an access can fail because somebody took the memory away. Each operation then takes a little longer. */
    boolean mayFault();

    /** Gives the memory back. Does nothing the second time. */
    @Override
    void close();
}
