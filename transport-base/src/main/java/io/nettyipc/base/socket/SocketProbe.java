/* Copyright 2026 The Netty IPC Authors. Licensed under the Apache License, Version 2.0; see LICENSE. */
package io.nettyipc.base.socket;

import java.io.IOException;
import java.net.ConnectException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;

/**
 * Whether anybody listens on a socket, found by connecting to it without blocking.
 *
 * @param refused whether the kernel said that nobody listens: only this answer allows the file to be replaced
 * @param finding what was found, for a message
 */
public record SocketProbe(boolean refused, String finding) {
    public static final SocketProbe REFUSED = new SocketProbe(true, "nobody listens on it");

    /** Asks with the JDK's sockets. They do not tell process ids. */
    public static SocketProbe run(Path path) {
        try (SocketChannel socket = SocketChannel.open(StandardProtocolFamily.UNIX)) {
            socket.configureBlocking(false);
            socket.connect(UnixDomainSocketAddress.of(path));
            return listening("a server is listening on it");
        } catch (ConnectException e) {
            // The JDK has this exception for ECONNREFUSED; a full backlog (EAGAIN on Linux) is another one.
            return REFUSED;
        } catch (IOException e) {
            return unclear(e);
        }
    }

    public static SocketProbe listening(String finding) {
        return new SocketProbe(false, "the address is in use: " + finding);
    }

    public static SocketProbe unclear(IOException e) {
        return new SocketProbe(false, "the address may be in use: connecting to it gave " + e.getMessage());
    }
}
