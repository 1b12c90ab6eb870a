/* Copyright 2026 The Netty IPC Authors. Licensed under the Apache License, Version 2.0; see LICENSE. */
package io.nettyipc.pipe.windows;

import io.netty.channel.unix.DomainSocketAddress;
import io.nettyipc.pipe.NamedPipeAddress;
import java.net.SocketAddress;

/** What a pipe may be bound or connected to. */
final class PipeAddresses {

    private PipeAddresses() {}

    /** The pipe's address, also where a framework made a plain {@link DomainSocketAddress} of it. */
    static NamedPipeAddress require(SocketAddress address) {
        if (address instanceof NamedPipeAddress pipe) {
            return pipe;
        }
        if (address instanceof DomainSocketAddress path) {
            return NamedPipeAddress.of(path.path());
        }
        throw new IllegalArgumentException("a pipe's address is a NamedPipeAddress, not "
                + (address == null ? "null" : address.getClass().getName() + ' ' + address)
                + "; use NamedPipeAddress.of(\"name\")");
    }
}
