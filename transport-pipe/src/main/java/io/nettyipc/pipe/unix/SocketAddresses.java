/* Copyright 2026 The Netty IPC Authors. Licensed under the Apache License, Version 2.0; see LICENSE. */
package io.nettyipc.pipe.unix;

import io.netty.channel.unix.DomainSocketAddress;
import io.nettyipc.pipe.MailslotAddress;
import io.nettyipc.pipe.NamedPipeAddress;
import java.net.SocketAddress;
import java.net.UnixDomainSocketAddress;

/** The two classes of socket addresses, Netty's and the JDK's. */
final class SocketAddresses {
    private SocketAddresses() {}

    /**
     * Returns the address.
     *
     * @throws IllegalArgumentException if it is not the address of a socket file
     */
    static SocketAddress check(SocketAddress address) {
        String path = pathOf(address);
        if (path == null) {
            throw new IllegalArgumentException("not the address of a pipe but a "
                    + address.getClass().getName() + " (" + address + "): use NamedPipeAddress.of(\"orders\")");
        }
        if (path.isEmpty()) {
            throw new IllegalArgumentException("the path of the pipe is empty: use NamedPipeAddress.of(\"orders\")");
        }
        return address;
    }

    /** Returns the path of the socket, or {@code null} if the address is of another kind. */
    static String pathOf(SocketAddress address) {
        if (address instanceof DomainSocketAddress domain) {
            return domain.path();
        }
        return address instanceof UnixDomainSocketAddress unix ? unix.getPath().toString() : null;
    }

    static String describe(SocketAddress address) {
        String path = pathOf(address);
        if (address instanceof MailslotAddress mailslot) {
            return "mailslot '" + mailslot.name() + "' at " + path;
        }
        return address instanceof NamedPipeAddress pipe && pipe.name() != null
                ? "pipe '" + pipe.name() + "' at " + path
                : "pipe " + path;
    }
}
