/* Copyright 2026 The Netty IPC Authors. Licensed under the Apache License, Version 2.0; see LICENSE. */
package io.nettyipc.benchmarks.transport;

import io.netty.channel.local.LocalAddress;
import io.netty.channel.unix.DomainSocketAddress;
import io.nettyipc.pipe.NamedPipeAddress;
import io.nettyipc.shm.ShmAddress;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.UnixDomainSocketAddress;
import java.nio.file.Path;

/** Where a contender's server listens. */
public enum Addresses {
    TCP_LOOPBACK {
        @Override
        public SocketAddress at(String name, int port) {
            return new InetSocketAddress(InetAddress.getLoopbackAddress(), port);
        }
    },

    /** For Netty's native transports. */
    UNIX_SOCKET {
        @Override
        public SocketAddress at(String name, int port) {
            return new DomainSocketAddress(socketFile(name).toString());
        }
    },

    /** For the JDK's channels. */
    JDK_UNIX_SOCKET {
        @Override
        public SocketAddress at(String name, int port) {
            return UnixDomainSocketAddress.of(socketFile(name));
        }
    },

    LOCAL {
        @Override
        public SocketAddress at(String name, int port) {
            return new LocalAddress(name);
        }
    },

    SHARED_MEMORY {
        @Override
        public SocketAddress at(String name, int port) {
            return ShmAddress.of(name);
        }
    },

    NAMED_PIPE {
        @Override
        public SocketAddress at(String name, int port) {
            return NamedPipeAddress.of(name);
        }
    };

    /**
     * Returns the same address in both processes.
     *
     * @param name a name nobody else on this machine uses
     * @param port for TCP: 0 to listen on a free port, or the port the server then got
     */
    public abstract SocketAddress at(String name, int port);

    /** Returns the port the client has to know, or 0 if the name is enough. */
    public static int portOf(SocketAddress bound) {
        return bound instanceof InetSocketAddress inet ? inet.getPort() : 0;
    }

    private static Path socketFile(String name) {
        return Path.of(System.getProperty("java.io.tmpdir"), name + ".sock");
    }
}
