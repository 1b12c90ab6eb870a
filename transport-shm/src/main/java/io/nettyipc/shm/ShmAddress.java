/* Copyright 2026 The Netty IPC Authors. Licensed under the Apache License, Version 2.0; see LICENSE. */
package io.nettyipc.shm;

import io.nettyipc.pipe.NamedPipeAddress;
import java.net.SocketAddress;
import java.util.Objects;

/**
 * The address of a shared-memory server: the pipe or Unix socket on which it accepts its control connections.
 *
 * <p>A name of a pipe and the same name of a shared-memory server are the same name to the system: only one of the two can
 * be bound.
 *
 * <p>Immutable and safe for use by any thread.
 */
public final class ShmAddress extends SocketAddress {

    private static final long serialVersionUID = 5243219834298140337L;

    private final NamedPipeAddress control;

    private ShmAddress(NamedPipeAddress control) {
        this.control = control;
    }

    /**
     * Returns the address for a name, such as {@code orders}, or for what else {@link NamedPipeAddress#of} takes.
     *
     * @throws IllegalArgumentException if it is nothing of that; the message says what was found and what to write instead
     */
    public static ShmAddress of(String text) {
        return new ShmAddress(NamedPipeAddress.of(text));
    }

    /** Returns the address of the control connection. */
    public NamedPipeAddress control() {
        return control;
    }

    @Override
    public boolean equals(Object o) {
        return o instanceof ShmAddress address && control.equals(address.control);
    }

    @Override
    public int hashCode() {
        return Objects.hash(ShmAddress.class, control);
    }

    /** Returns for example {@code shm:/run/user/1000/nettyipc/orders.sock}. */
    @Override
    public String toString() {
        return "shm:" + control;
    }
}
