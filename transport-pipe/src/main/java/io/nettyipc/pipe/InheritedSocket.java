/* Copyright 2026 The Netty IPC Authors. Licensed under the Apache License, Version 2.0; see LICENSE. */
package io.nettyipc.pipe;

import io.netty.channel.Channel;
import io.netty.channel.ChannelFactory;
import io.netty.channel.ServerChannel;
import io.nettyipc.base.os.Descriptor;
import io.nettyipc.base.os.NativeAccess;
import io.nettyipc.base.os.Platform;
import io.nettyipc.pipe.unix.UnixTransport;
import java.io.IOException;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Unix domain sockets that whoever started this process has handed over, as systemd does with a service of a
 * {@code .socket} unit: the service is started by its first client, and no client is refused while it restarts.
 *
 * <pre>{@code
 * int socket = InheritedSocket.ofSystemd().get(0);
 * new ServerBootstrap().group(group).channelFactory(InheritedSocket.server(socket))
 *     .childHandler(init).register();
 * }</pre>
 *
 * <p>The channel is active when it is registered; it is not bound, and closing it leaves the socket's file alone. From
 * then on children of this process don't inherit the socket, and it doesn't block. Each descriptor can be used once.
 * With epoll, connected ones with kqueue too, where JNA can call the C library; not on Windows, whose services aren't
 * started like that.
 *
 * @see <a href="https://www.freedesktop.org/software/systemd/man/latest/sd_listen_fds.html">sd_listen_fds(3)</a>
 */
public final class InheritedSocket {
    /** The first of systemd's descriptors. */
    private static final int FIRST = 3;

    private InheritedSocket() {}

    /**
     * Returns the descriptors that systemd has handed over to this process, by {@code LISTEN_FDS} and
     * {@code LISTEN_PID}.
     */
    public static List<Integer> ofSystemd() {
        return ofSystemd(System.getenv("LISTEN_PID"), System.getenv("LISTEN_FDS"));
    }

    static List<Integer> ofSystemd(String processId, String count) {
        // Children inherit the variables, but not what they are about.
        if (count == null || !Long.toString(ProcessHandle.current().pid()).equals(processId)) {
            return List.of();
        }
        try {
            return IntStream.range(FIRST, FIRST + Integer.parseInt(count))
                    .boxed()
                    .toList();
        } catch (NumberFormatException e) {
            throw new IllegalStateException("LISTEN_FDS is no number but " + count, e);
        }
    }

    /**
     * Returns a factory for the server channel of a socket that listens, for event loops of
     * {@link NamedPipe#newIoHandlerFactory()}.
     *
     * @param descriptor its number
     * @throws UnsupportedOperationException if this platform's channels take no descriptors, or it can't be prepared
     */
    public static ChannelFactory<ServerChannel> server(int descriptor) {
        UnixTransport transport = transport();
        return () -> transport.inheritedServer(prepared(descriptor));
    }

    /**
     * Returns a factory for the channel of a socket that is connected, for event loops of
     * {@link NamedPipe#newIoHandlerFactory()}.
     *
     * @param descriptor its number
     * @throws UnsupportedOperationException if this platform's channels take no descriptors, or it can't be prepared
     */
    public static ChannelFactory<Channel> connected(int descriptor) {
        UnixTransport transport = transport();
        return () -> transport.inherited(prepared(descriptor));
    }

    private static UnixTransport transport() {
        if (Platform.current() == Platform.WINDOWS) {
            throw new UnsupportedOperationException("Windows starts no service with a socket");
        }
        Throwable cause = NativeAccess.unavailabilityCause();
        if (cause != null) {
            throw new UnsupportedOperationException("sockets can't be taken over: " + cause, cause);
        }
        UnixTransport transport = UnixTransport.preferred();
        if (transport == UnixTransport.nio()) {
            throw new UnsupportedOperationException(
                    "the JDK's sockets take no descriptor: add Netty's native transport (epoll or kqueue)");
        }
        return transport;
    }

    private static int prepared(int descriptor) {
        try {
            Descriptor.takeOver(descriptor);
            return descriptor;
        } catch (IOException e) {
            throw new IllegalArgumentException(
                    "descriptor " + descriptor + " is not one of a socket: " + e.getMessage(), e);
        }
    }
}
