/* Copyright 2026 The Netty IPC Authors. Licensed under the Apache License, Version 2.0; see LICENSE. */
package io.nettyipc.pipe.unix;

import io.netty.channel.Channel;
import io.netty.channel.IoHandle;
import io.netty.channel.IoHandlerFactory;
import io.netty.channel.ServerChannel;
import io.netty.channel.unix.PeerCredentials;
import io.netty.channel.uring.IoUring;
import io.netty.channel.uring.IoUringDomainSocketChannel;
import io.netty.channel.uring.IoUringIoHandle;
import io.netty.channel.uring.IoUringIoHandler;
import io.netty.channel.uring.IoUringServerDomainSocketChannel;
import io.nettyipc.base.os.NativeAccess;
import io.nettyipc.base.os.UnixSocket;
import io.nettyipc.pipe.NamedPipePeer;
import java.io.IOException;

/** Refers to classes of an optional dependency: loading it may fail. */
final class UringTransport extends NativeTransport {
    private UringTransport() {}

    /**
     * Returns the transport.
     *
     * @throws UnsatisfiedLinkError if it can't be used, with the reason as its cause
     */
    static UnixTransport create() {
        IoUring.ensureAvailability();
        return new UringTransport();
    }

    @Override
    IoHandlerFactory newTransportFactory() {
        return IoUringIoHandler.newFactory();
    }

    @Override
    Class<? extends IoHandle> handleType() {
        return IoUringIoHandle.class;
    }

    @Override
    public Class<? extends ServerChannel> serverChannelType() {
        return IoUringServerDomainSocketChannel.class;
    }

    @Override
    public Class<? extends Channel> channelType() {
        return IoUringDomainSocketChannel.class;
    }

    @Override
    NamedPipePeer peerOf(Channel channel) throws IOException {
        IoUringDomainSocketChannel socket = (IoUringDomainSocketChannel) channel;
        PeerCredentials peer = socket.peerCredentials();
        // Netty doesn't have the supplementary groups, and only JNA can ask for them.
        int[] groups = NativeAccess.unavailabilityCause() == null
                ? UnixSocket.peerGroups(socket.fd().intValue(), peer.gids()[0])
                : peer.gids();
        return peer(peer.pid(), peer.uid(), groups);
    }
}
