/* Copyright 2026 The Netty IPC Authors. Licensed under the Apache License, Version 2.0; see LICENSE. */
package io.nettyipc.pipe.unix;

import io.nettyipc.base.socket.SocketAddresses;
import io.nettyipc.pipe.NamedPipeAddress;
import java.net.SocketAddress;

/** What the name of a pipe is on Unix: its socket's path. */
final class PipeNames {
    private PipeNames() {}

    /** Returns whether the address is a portable name, whose directory is made for it. */
    static boolean isPortable(SocketAddress address) {
        return address instanceof NamedPipeAddress pipe && pipe.name() != null;
    }

    /** Returns what messages call the address. */
    static String describe(SocketAddress address) {
        // Abstract sockets are shown as the system's tools do.
        String path = SocketAddresses.pathOf(address).replace('\0', '@');
        return isPortable(address) ? "pipe '" + ((NamedPipeAddress) address).name() + "' at " + path : "pipe " + path;
    }
}
