/* Copyright 2026 The Netty IPC Authors. Licensed under the Apache License, Version 2.0; see LICENSE. */
package io.nettyipc.pipe.unix;

import io.netty.channel.Channel;
import io.netty.channel.IoHandle;
import io.netty.channel.IoHandlerFactory;
import io.netty.channel.ServerChannel;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.epoll.EpollDomainSocketChannel;
import io.netty.channel.epoll.EpollIoHandle;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.epoll.EpollServerDomainSocketChannel;
import io.netty.channel.unix.DomainSocketAddress;
import io.netty.channel.unix.PeerCredentials;
import io.netty.channel.unix.Socket;
import io.nettyipc.base.os.NativeAccess;
import io.nettyipc.base.os.UnixSocket;
import io.nettyipc.base.os.UnixUsers;
import io.nettyipc.base.socket.SocketProbe;
import io.nettyipc.pipe.NamedPipePeer;
import java.io.IOException;
import java.nio.file.Path;

/** Refers to classes of an optional dependency: loading it may fail. */
final class EpollTransport extends NativeTransport {
    private EpollTransport() {}

    /**
     * Returns the transport.
     *
     * @throws UnsatisfiedLinkError if it can't be used, with the reason as its cause
     */
    static UnixTransport create() {
        Epoll.ensureAvailability();
        return new EpollTransport();
    }

    @Override
    IoHandlerFactory newTransportFactory() {
        return EpollIoHandler.newFactory();
    }

    @Override
    Class<? extends IoHandle> handleType() {
        return EpollIoHandle.class;
    }

    @Override
    public Class<? extends ServerChannel> serverChannelType() {
        return EpollServerDomainSocketChannel.class;
    }

    @Override
    public Class<? extends Channel> channelType() {
        return EpollDomainSocketChannel.class;
    }

    @Override
    public ServerChannel inheritedServer(int descriptor) {
        return new EpollServerDomainSocketChannel(descriptor, true);
    }

    @Override
    public Channel inherited(int descriptor) {
        return new EpollDomainSocketChannel(descriptor);
    }

    @Override
    public SocketProbe probe(Path path) {
        // Unlike the JDK's, a connection of Netty's own class tells the process id.
        Socket socket = Socket.newSocketDomain();
        try {
            socket.connect(new DomainSocketAddress(path.toString()));
            PeerCredentials peer = new EpollDomainSocketChannel(socket.intValue()).peerCredentials();
            String user = UnixUsers.nameOf(peer.uid(), peer.pid());
            return SocketProbe.listening(
                    (peer.pid() > 0 ? "process " + peer.pid() : "a process that can't be seen from here")
                            + (user == null ? "" : " of user " + user) + " is listening on it");
        } catch (IOException e) {
            return isRefused(e) ? SocketProbe.REFUSED : SocketProbe.unclear(e);
        } finally {
            close(socket);
        }
    }

    private static void close(Socket socket) {
        try {
            socket.close();
        } catch (IOException e) {
            // A socket without data has nothing to lose.
        }
    }

    @Override
    NamedPipePeer peerOf(Channel channel) throws IOException {
        EpollDomainSocketChannel socket = (EpollDomainSocketChannel) channel;
        PeerCredentials peer = socket.peerCredentials();
        // Netty doesn't have the supplementary groups, and only JNA can ask for them.
        int[] groups = NativeAccess.unavailabilityCause() == null
                ? UnixSocket.peerGroups(socket.fd().intValue(), peer.gids()[0])
                : peer.gids();
        return peer(peer.pid(), peer.uid(), groups);
    }
}
