/* Copyright 2026 The Netty IPC Authors. Licensed under the Apache License, Version 2.0; see LICENSE. */
package io.nettyipc.pipe.testsuite;

import io.netty.channel.unix.DomainSocketAddress;
import java.io.IOException;
import java.net.SocketAddress;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;

/** The JDK's blocking Unix domain sockets: a peer that shares no code with the transports under test. */
final class UnixSockets {
    static UnixDomainSocketAddress address(SocketAddress address) {
        return address instanceof DomainSocketAddress domain
                ? UnixDomainSocketAddress.of(domain.path())
                : (UnixDomainSocketAddress) address;
    }

    static SocketChannel open() throws IOException {
        return SocketChannel.open(StandardProtocolFamily.UNIX);
    }

    static void write(SocketChannel channel, int value) throws IOException {
        channel.write(ByteBuffer.wrap(new byte[] {(byte) value}));
    }

    /** The next byte, or -1 at the end of the stream. */
    static int read(SocketChannel channel) throws IOException {
        ByteBuffer one = ByteBuffer.allocate(1);
        return channel.read(one) < 0 ? -1 : one.get(0);
    }

    private UnixSockets() {}
}
