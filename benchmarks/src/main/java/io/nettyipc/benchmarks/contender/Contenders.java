/* Copyright 2026 The Netty IPC Authors. Licensed under the Apache License, Version 2.0; see LICENSE. */
package io.nettyipc.benchmarks.contender;

import io.netty.channel.AdaptiveRecvByteBufAllocator;
import io.netty.channel.ChannelOption;
import io.netty.channel.IoHandlerFactory;
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
import io.nettyipc.benchmarks.transport.Addresses;
import io.nettyipc.benchmarks.transport.NettyTransport;
import io.nettyipc.pipe.NamedPipe;
import io.nettyipc.shm.Shm;
import io.nettyipc.shm.ShmChannel;
import io.nettyipc.shm.ShmChannelOption;
import io.nettyipc.shm.ShmServerChannel;
import io.nettyipc.shm.ShmSpinStrategy;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.nio.channels.SocketChannel;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;

/** The contenders the programs know. */
public final class Contenders {
    private static final Map<ChannelOption<?>, ?> DEFAULTS = Map.of();
    /** For bulk data: more than the kernel's 208 KiB may be on its way, and a read may take all of it. */
    private static final Map<ChannelOption<?>, ?> LARGE_BUFFERS = Map.of(
            ChannelOption.SO_SNDBUF,
            1024 * 1024,
            ChannelOption.SO_RCVBUF,
            1024 * 1024,
            ChannelOption.RECVBUF_ALLOCATOR,
            new AdaptiveRecvByteBufAllocator(2048, 64 * 1024, 1024 * 1024));

    /** By name, for {@code Guard} against commits that don't have it. */
    static final ChannelOption<Integer> LEASE_SEND_MEMORY =
            ChannelOption.valueOf(ShmChannelOption.class, "SHM_LEASE_SEND_MEMORY");

    /** For sixteen messages of 16 MiB, so that as many of them are under way as of smaller ones. */
    private static final Map<ChannelOption<?>, ?> LEASES = Map.of(
            LEASE_SEND_MEMORY,
            256 << 20,
            ChannelOption.<Integer>valueOf(ShmChannelOption.class, "SHM_LEASE_RECEIVE_MEMORY"),
            256 << 20);

    private static final List<Contender> ALL = List.of(
            tcpNio(),
            tcpEpoll("tcp-epoll", "epoll", Contenders::epoll, DEFAULTS),
            tcpEpoll("tcp-epoll-busy", "epoll, busy", Contenders::busyEpoll, DEFAULTS),
            tcpEpoll("tcp-epoll-large", "epoll, 1 MiB", Contenders::epoll, LARGE_BUFFERS),
            tcpIoUring(),
            unixNio(),
            unixEpoll("unix-epoll", "epoll", Contenders::epoll, DEFAULTS),
            unixEpoll("unix-epoll-busy", "epoll, busy", Contenders::busyEpoll, DEFAULTS),
            unixEpoll("unix-epoll-large", "epoll, 1 MiB", Contenders::epoll, LARGE_BUFFERS),
            unixIoUring(),
            namedPipe(),
            namedPipeIoUring(),
            sharedMemory("shm-none", "shared memory (no spinning)", ShmSpinStrategy.NONE),
            sharedMemory("shm-adaptive", "shared memory (adaptive)", ShmSpinStrategy.ADAPTIVE),
            sharedMemory("shm-busy", "shared memory (busy)", ShmSpinStrategy.BUSY),
            sharedMemoryIoUring(),
            leases("shm-lease-adaptive", "shared memory (adaptive), leases", ShmSpinStrategy.ADAPTIVE),
            leases("shm-lease-busy", "shared memory (busy), leases", ShmSpinStrategy.BUSY),
            local(),
            new BareThreads(),
            new AeronContender());

    /** What a user chooses between, and TCP that spins as well as shared memory does. */
    private static final List<String> QUICK =
            List.of("tcp-nio", "tcp-epoll", "tcp-epoll-busy", "unix-epoll", "pipe", "shm-adaptive", "shm-busy");

    private Contenders() {}

    /** Every contender, the baseline first. */
    public static List<Contender> all() {
        return ALL;
    }

    /** Those of the quick form that are there, the baseline first. */
    public static List<Contender> quick() {
        return QUICK.stream()
                .map(Contenders::byId)
                .filter(contender -> contender.unavailable() == null)
                .toList();
    }

    public static Contender byId(String id) {
        return ALL.stream()
                .filter(c -> c.id().equals(id))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("no contender \"" + id + "\"; there are "
                        + ALL.stream().map(Contender::id).toList()));
    }

    /** As {@link #byId}, for programs that need a Netty channel. */
    public static NettyTransport nettyById(String id) {
        if (byId(id) instanceof NettyContender netty) {
            return netty.transport();
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
                Addresses.TCP_LOOPBACK,
                DEFAULTS);
    }

    private static Contender tcpEpoll(
            String id, String kind, Supplier<IoHandlerFactory> ioHandler, Map<ChannelOption<?>, ?> options) {
        return new NettyContender(
                id,
                "TCP loopback (" + kind + ")",
                reason(Epoll.unavailabilityCause()),
                ioHandler,
                EpollServerSocketChannel.class,
                EpollSocketChannel.class,
                Addresses.TCP_LOOPBACK,
                options);
    }

    private static Contender tcpIoUring() {
        return new NettyContender(
                "tcp-io_uring",
                "TCP loopback (io_uring)",
                reason(IoUring.unavailabilityCause()),
                IoUringIoHandler::newFactory,
                IoUringServerSocketChannel.class,
                IoUringSocketChannel.class,
                Addresses.TCP_LOOPBACK,
                DEFAULTS);
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
                Addresses.JDK_UNIX_SOCKET,
                DEFAULTS);
    }

    private static Contender unixEpoll(
            String id, String kind, Supplier<IoHandlerFactory> ioHandler, Map<ChannelOption<?>, ?> options) {
        return new NettyContender(
                id,
                "Unix socket (" + kind + ")",
                reason(Epoll.unavailabilityCause()),
                ioHandler,
                EpollServerDomainSocketChannel.class,
                EpollDomainSocketChannel.class,
                Addresses.UNIX_SOCKET,
                options);
    }

    private static IoHandlerFactory epoll() {
        return EpollIoHandler.newFactory();
    }

    private static IoHandlerFactory busyEpoll() {
        return EpollIoHandler.newFactory(0, BusySelect::new);
    }

    private static Contender unixIoUring() {
        return new NettyContender(
                "unix-io_uring",
                "Unix socket (io_uring)",
                reason(IoUring.unavailabilityCause()),
                IoUringIoHandler::newFactory,
                IoUringServerDomainSocketChannel.class,
                IoUringDomainSocketChannel.class,
                Addresses.UNIX_SOCKET,
                DEFAULTS);
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
                Addresses.NAMED_PIPE,
                DEFAULTS);
    }

    private static Contender namedPipeIoUring() {
        return new NettyContender(
                "pipe-io_uring",
                "named pipe (Unix socket, io_uring)",
                reason(IoUring.unavailabilityCause()),
                () -> NamedPipe.newIoHandlerFactory(IoUringIoHandler.newFactory()),
                IoUringServerDomainSocketChannel.class,
                IoUringDomainSocketChannel.class,
                Addresses.NAMED_PIPE,
                DEFAULTS);
    }

    private static Contender sharedMemoryIoUring() {
        return new NettyContender(
                "shm-io_uring-adaptive",
                "shared memory (io_uring, adaptive)",
                reason(Shm.isAvailable() ? IoUring.unavailabilityCause() : Shm.unavailabilityCause()),
                () -> Shm.newIoHandlerFactory(IoUringIoHandler.newFactory(), ShmSpinStrategy.ADAPTIVE),
                ShmServerChannel.class,
                ShmChannel.class,
                Addresses.SHARED_MEMORY,
                DEFAULTS);
    }

    private static Contender sharedMemory(String id, String label, ShmSpinStrategy strategy) {
        return sharedMemory(id, label, strategy, DEFAULTS);
    }

    private static Contender leases(String id, String label, ShmSpinStrategy strategy) {
        return sharedMemory(id, label, strategy, LEASES);
    }

    private static Contender sharedMemory(
            String id, String label, ShmSpinStrategy strategy, Map<ChannelOption<?>, ?> options) {
        return new NettyContender(
                id,
                label,
                reason(Shm.unavailabilityCause()),
                () -> Shm.newIoHandlerFactory(strategy),
                ShmServerChannel.class,
                ShmChannel.class,
                Addresses.SHARED_MEMORY,
                options);
    }

    private static Contender local() {
        return new NettyContender(
                "local",
                "LocalChannel (one process)",
                null,
                LocalIoHandler::newFactory,
                LocalServerChannel.class,
                LocalChannel.class,
                Addresses.LOCAL,
                DEFAULTS);
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
