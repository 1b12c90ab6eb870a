/* Copyright 2026 The Netty IPC Authors. Licensed under the Apache License, Version 2.0; see LICENSE. */
package io.nettyipc.shm;

import io.netty.channel.unix.DomainSocketAddress;
import io.nettyipc.base.socket.FileNames;
import io.nettyipc.pipe.NamedPipeAddress;
import java.net.SocketAddress;
import java.net.UnixDomainSocketAddress;

/**
 * The address of a shared-memory server: the Windows pipe or Unix socket on which it accepts its control connections.
 *
 * <p>It is a {@link DomainSocketAddress}, because that is the type by which frameworks recognise an address with a
 * path. Where one of them has made a plain {@code DomainSocketAddress} of a path or a name, or a
 * {@link UnixDomainSocketAddress}, {@link ShmServerChannel} and {@link ShmChannel} take that as well.
 *
 * <p><b>Equality</b> is by {@link #path()}, as that class has it: an address also equals a {@link NamedPipeAddress} and
 * a plain {@code DomainSocketAddress} of the same path. They are the same name to the system too: of a pipe's server
 * and a shared-memory server only one can be bound to it. On Windows upper and lower case are equal, and a plain
 * address has to be in lower case.
 *
 * <p>Immutable and safe for use by any thread.
 */
public final class ShmAddress extends DomainSocketAddress {

    private static final long serialVersionUID = 8014409352766125219L;

    private final NamedPipeAddress control;

    private ShmAddress(NamedPipeAddress control) {
        super(comparedPath(control.path()));
        this.control = control;
    }

    /** The path of a Windows pipe is compared without regard to case, a socket's as it is. */
    private static String comparedPath(String path) {
        return path.startsWith("\\") ? FileNames.foldAsWindows(path) : path;
    }

    /**
     * Returns the address for a name, such as {@code orders}, or for what else {@link NamedPipeAddress#of} takes.
     *
     * @throws IllegalArgumentException if it is nothing of that; the message says what was found and what to write
     *     instead
     */
    public static ShmAddress of(String text) {
        return new ShmAddress(NamedPipeAddress.of(text));
    }

    /**
     * Returns the address that a channel is to be bound or connected to.
     *
     * @throws IllegalArgumentException if it is not the address of a domain socket, or its path is no {@link #of name}
     */
    static ShmAddress require(SocketAddress address) {
        if (address instanceof ShmAddress shm) {
            return shm;
        }
        if (address instanceof NamedPipeAddress pipe) {
            return new ShmAddress(pipe);
        }
        if (address instanceof DomainSocketAddress socket) {
            return of(socket.path());
        }
        if (address instanceof UnixDomainSocketAddress socket) {
            return of(socket.getPath().toString());
        }
        throw new IllegalArgumentException(
                "address: " + address + " (expected: a ShmAddress, such as ShmAddress.of(\"orders\"))");
    }

    /** Returns the address of the control connection. */
    public NamedPipeAddress control() {
        return control;
    }

    /** Returns the path of the control connection's socket; on Windows that of its pipe, {@code \\.\pipe\orders}. */
    @Override
    public String path() {
        return control.path();
    }

    /** Returns for example {@code shm:/run/user/1000/nettyipc/orders.sock}, to be told from a pipe in logs. */
    @Override
    public String toString() {
        return "shm:" + path();
    }
}
