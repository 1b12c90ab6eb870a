/* Copyright 2026 The Netty IPC Authors. Licensed under the Apache License, Version 2.0; see LICENSE. */
package io.nettyipc.benchmarks;

import io.netty.channel.Channel;
import io.netty.channel.IoHandlerFactory;
import io.netty.channel.ServerChannel;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.epoll.EpollServerSocketChannel;
import io.netty.channel.epoll.EpollSocketChannel;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioDomainSocketChannel;
import io.netty.channel.socket.nio.NioServerDomainSocketChannel;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.nettyipc.pipe.NamedPipe;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.nio.channels.SocketChannel;
import java.util.List;
import java.util.function.Supplier;

/**
 * One way to carry bytes between two processes on this machine: exactly the three things an application changes when it
 * moves from one transport to another.
 *
 * @param id               how the two processes name it to each other
 * @param label            how the table names it
 * @param unavailable      why it cannot run here, or null
 * @param ioHandler        makes the event loop's I/O handler
 * @param serverChannel    the listening channel's type
 * @param clientChannel    the connecting channel's type
 * @param addresses        where the server listens
 */
record Contender(
        String id,
        String label,
        String unavailable,
        Supplier<IoHandlerFactory> ioHandler,
        Class<? extends ServerChannel> serverChannel,
        Class<? extends Channel> clientChannel,
        Addresses addresses) {

    /** Every contender the programs know, the baseline first. */
    static List<Contender> all() {
        return List.of(tcpNio(), tcpEpoll(), unixSocketNio(), namedPipe());
    }

    static Contender byId(String id) {
        return all().stream()
                .filter(c -> c.id.equals(id))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("no contender \"" + id + "\"; there are "
                        + all().stream().map(Contender::id).toList()));
    }

    boolean isAvailable() {
        return unavailable == null;
    }

    private static Contender tcpNio() {
        return new Contender(
                "tcp-nio",
                "TCP loopback (NIO)",
                null,
                NioIoHandler::newFactory,
                NioServerSocketChannel.class,
                NioSocketChannel.class,
                Addresses.TCP_LOOPBACK);
    }

    private static Contender tcpEpoll() {
        return new Contender(
                "tcp-epoll",
                "TCP loopback (epoll)",
                reason(Epoll.unavailabilityCause()),
                EpollIoHandler::newFactory,
                EpollServerSocketChannel.class,
                EpollSocketChannel.class,
                Addresses.TCP_LOOPBACK);
    }

    /** What {@link NamedPipe} chooses on Unix when Netty's native transport is not on the class path. */
    private static Contender unixSocketNio() {
        return new Contender(
                "unix-nio",
                "Unix socket (NIO)",
                unixSocketsMissing(),
                NioIoHandler::newFactory,
                NioServerDomainSocketChannel.class,
                NioDomainSocketChannel.class,
                Addresses.UNIX_SOCKET_FILE);
    }

    private static Contender namedPipe() {
        String unavailable = reason(NamedPipe.unavailabilityCause());
        String label = "named pipe"
                + (unavailable != null
                        ? ""
                        : switch (NamedPipe.channelType().getSimpleName()) {
                            case "WindowsNamedPipeChannel" -> " (completion port)";
                            case "EpollDomainSocketChannel" -> " (Unix socket, epoll)";
                            case "KQueueDomainSocketChannel" -> " (Unix socket, kqueue)";
                            default -> " (Unix socket, NIO)";
                        });
        return new Contender(
                "pipe",
                label,
                unavailable,
                NamedPipe::newIoHandlerFactory,
                unavailable == null ? NamedPipe.serverChannelType() : null,
                unavailable == null ? NamedPipe.channelType() : null,
                Addresses.NAMED_PIPE);
    }

    private static String unixSocketsMissing() {
        try {
            SocketChannel.open(StandardProtocolFamily.UNIX).close();
            return null;
        } catch (IOException | UnsupportedOperationException e) {
            return "this system has no Unix sockets: " + e.getMessage();
        }
    }

    private static String reason(Throwable cause) {
        if (cause == null) {
            return null;
        }
        while (cause.getCause() != null) {
            cause = cause.getCause();
        }
        // The loader's message goes on with a stack of file names; its first line says what is missing.
        String message = cause.getMessage() == null ? cause.toString() : cause.getMessage();
        return message.lines().findFirst().orElse(cause.toString());
    }
}
