/* Copyright 2026 The Netty IPC Authors. Licensed under the Apache License, Version 2.0; see LICENSE. */
package io.nettyipc.base.socket;

import io.netty.channel.unix.DomainSocketAddress;
import io.nettyipc.base.os.Platform;
import java.net.SocketAddress;
import java.net.UnixDomainSocketAddress;
import java.nio.charset.StandardCharsets;

/** The two classes of socket addresses, Netty's and the JDK's. */
public final class SocketAddresses {
    /** {@code sun_path}; Linux takes a path without a NUL behind it, and cuts off what is longer. */
    private static final int MAX_BYTES = Platform.current().maxSocketPathBytes() + 1;

    private SocketAddresses() {}

    /**
     * Returns the address.
     *
     * @throws IllegalArgumentException if it is not the address of a socket
     */
    public static SocketAddress check(SocketAddress address) {
        String path = pathOf(address);
        if (path == null) {
            throw new IllegalArgumentException("not the address of a pipe but a "
                    + (address == null ? null : address.getClass().getName()) + " (" + address
                    + "): use NamedPipeAddress.of(\"orders\")");
        }
        if (path.isEmpty()) {
            throw new IllegalArgumentException("the path of the pipe is empty: use NamedPipeAddress.of(\"orders\")");
        }
        int bytes = path.getBytes(StandardCharsets.UTF_8).length;
        if (bytes > MAX_BYTES) {
            throw new IllegalArgumentException("the path of the pipe has " + bytes + " bytes, and the kernel takes "
                    + (MAX_BYTES - 1) + ": use a shorter one than " + path);
        }
        return address;
    }

    /** Returns the path of the socket, or {@code null} if the address is of another kind. */
    public static String pathOf(SocketAddress address) {
        if (address instanceof DomainSocketAddress domain) {
            return domain.path();
        }
        return address instanceof UnixDomainSocketAddress unix ? unix.getPath().toString() : null;
    }
}
