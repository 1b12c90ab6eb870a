/* Copyright 2026 The Netty IPC Authors. Licensed under the Apache License, Version 2.0; see LICENSE. */
package io.nettyipc.benchmarks;

import io.nettyipc.pipe.NamedPipeAddress;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.UnixDomainSocketAddress;
import java.nio.file.Path;

/** Where a contender's server listens. */
enum Addresses {
    TCP_LOOPBACK {
        @Override
        SocketAddress at(String name, int port) {
            return new InetSocketAddress(InetAddress.getLoopbackAddress(), port);
        }
    },

    UNIX_SOCKET_FILE {
        @Override
        SocketAddress at(String name, int port) {
            return UnixDomainSocketAddress.of(Path.of(System.getProperty("java.io.tmpdir"), name + ".sock"));
        }
    },

    NAMED_PIPE {
        @Override
        SocketAddress at(String name, int port) {
            return NamedPipeAddress.of(name);
        }
    };

    /**
     * Returns the same address in both processes.
     *
     * @param name a name nobody else on this machine uses
     * @param port for TCP: 0 to listen on a free port, or the port the server then got
     */
    abstract SocketAddress at(String name, int port);

    /** Returns the port the client has to know, or 0 if the name is enough. */
    static int portOf(SocketAddress bound) {
        return bound instanceof InetSocketAddress inet ? inet.getPort() : 0;
    }
}
