/* Copyright 2026 The Netty IPC Authors. Licensed under the Apache License, Version 2.0; see LICENSE. */
package io.nettyipc.benchmarks.contender;

import io.netty.channel.epoll.Epoll;
import io.netty.channel.epoll.EpollDomainSocketChannel;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.epoll.EpollServerDomainSocketChannel;
import io.netty.channel.epoll.EpollServerSocketChannel;
import io.netty.channel.epoll.EpollSocketChannel;
import io.netty.channel.local.LocalChannel;
import io.netty.channel.local.LocalIoHandler;
import io.netty.channel.local.LocalServerChannel;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioDomainSocketChannel;
import io.netty.channel.socket.nio.NioServerDomainSocketChannel;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.netty.channel.uring.IoUring;
import io.netty.channel.uring.IoUringDomainSocketChannel;
import io.netty.channel.uring.IoUringIoHandler;
import io.netty.channel.uring.IoUringServerDomainSocketChannel;
import io.netty.channel.uring.IoUringServerSocketChannel;
import io.netty.channel.uring.IoUringSocketChannel;
import io.nettyipc.pipe.NamedPipe;
import io.nettyipc.shm.Shm;
import io.nettyipc.shm.ShmChannel;
import io.nettyipc.shm.ShmServerChannel;
import io.nettyipc.shm.ShmSpinStrategy;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.nio.channels.SocketChannel;
import java.util.List;

/** The contenders the programs know. */
public final class Contenders {
    private static final List<Contender> ALL = List.of(
            tcpNio(),
            tcpEpoll(),
            tcpIoUring(),
            unixNio(),
            unixEpoll(),
            unixEpollBusy(),
            unixIoUring(),
            namedPipe(),
            sharedMemory("shm-none", "shared memory (no spinning)", ShmSpinStrategy.NONE),
            sharedMemory("shm-adaptive", "shared memory (adaptive)", ShmSpinStrategy.ADAPTIVE),
            sharedMemory("shm-busy", "shared memory (busy)", ShmSpinStrategy.BUSY),
            local(),
            new AeronContender());

    private Contenders() {}

    /** Every contender, the baseline first. */
    public static List<Contender> all() {
        return ALL;
    }

    public static Contender byId(String id) {
        return ALL.stream()
                .filter(c -> c.id().equals(id))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("no contender \"" + id + "\"; there are "
                        + ALL.stream().map(Contender::id).toList()));
    }

    /** As {@link #byId}, for programs that need a Netty channel. */
    public static NettyContender nettyById(String id) {
        if (byId(id) instanceof NettyContender netty) {
            return netty;
        }
        throw new IllegalArgumentException("\"" + id + "\" is not a Netty transport");
    }

    private static Contender tcpNio() {
        return new NettyContender(
                "tcp-nio",
                "TCP loopback (NIO)",
                null,
                NioIoHandler::newFactory,
                NioServerSocketChannel.class,
                NioSocketChannel.class,
                Addresses.TCP_LOOPBACK);
    }

    private static Contender tcpEpoll() {
        return new NettyContender(
                "tcp-epoll",
                "TCP loopback (epoll)",
                reason(Epoll.unavailabilityCause()),
                EpollIoHandler::newFactory,
                EpollServerSocketChannel.class,
                EpollSocketChannel.class,
                Addresses.TCP_LOOPBACK);
    }

    private static Contender tcpIoUring() {
        return new NettyContender(
                "tcp-io_uring",
                "TCP loopback (io_uring)",
                reason(IoUring.unavailabilityCause()),
                IoUringIoHandler::newFactory,
                IoUringServerSocketChannel.class,
                IoUringSocketChannel.class,
                Addresses.TCP_LOOPBACK);
    }

    /** What {@link NamedPipe} chooses on Unix when Netty's native transport is not on the class path. */
    private static Contender unixNio() {
        return new NettyContender(
                "unix-nio",
                "Unix socket (NIO)",
                unixSocketsMissing(),
                NioIoHandler::newFactory,
                NioServerDomainSocketChannel.class,
                NioDomainSocketChannel.class,
                Addresses.JDK_UNIX_SOCKET);
    }

    private static Contender unixEpoll() {
        return new NettyContender(
                "unix-epoll",
                "Unix socket (epoll)",
                reason(Epoll.unavailabilityCause()),
                EpollIoHandler::newFactory,
                EpollServerDomainSocketChannel.class,
                EpollDomainSocketChannel.class,
                Addresses.UNIX_SOCKET);
    }

    private static Contender unixEpollBusy() {
        return new NettyContender(
                "unix-epoll-busy",
                "Unix socket (epoll, busy)",
                reason(Epoll.unavailabilityCause()),
                () -> EpollIoHandler.newFactory(0, BusySelect::new),
                EpollServerDomainSocketChannel.class,
                EpollDomainSocketChannel.class,
                Addresses.UNIX_SOCKET);
    }

    private static Contender unixIoUring() {
        return new NettyContender(
                "unix-io_uring",
                "Unix socket (io_uring)",
                reason(IoUring.unavailabilityCause()),
                IoUringIoHandler::newFactory,
                IoUringServerDomainSocketChannel.class,
                IoUringDomainSocketChannel.class,
                Addresses.UNIX_SOCKET);
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
        return new NettyContender(
                "pipe",
                label,
                unavailable,
                NamedPipe::newIoHandlerFactory,
                unavailable == null ? NamedPipe.serverChannelType() : null,
                unavailable == null ? NamedPipe.channelType() : null,
                Addresses.NAMED_PIPE);
    }

    private static Contender sharedMemory(String id, String label, ShmSpinStrategy strategy) {
        return new NettyContender(
                id,
                label,
                reason(Shm.unavailabilityCause()),
                () -> Shm.newIoHandlerFactory(strategy),
                ShmServerChannel.class,
                ShmChannel.class,
                Addresses.SHARED_MEMORY);
    }

    private static Contender local() {
        return new NettyContender(
                "local",
                "LocalChannel (one process)",
                null,
                LocalIoHandler::newFactory,
                LocalServerChannel.class,
                LocalChannel.class,
                Addresses.LOCAL);
    }

    private static String unixSocketsMissing() {
        try {
            SocketChannel.open(StandardProtocolFamily.UNIX).close();
            return null;
        } catch (IOException | UnsupportedOperationException e) {
            return "this system has no Unix sockets: " + e.getMessage();
        }
    }

    /** Says in one line why a transport is not there, or returns null. */
    static String reason(Throwable cause) {
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
