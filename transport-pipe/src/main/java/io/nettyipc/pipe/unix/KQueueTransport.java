/* Copyright 2026 The Netty IPC Authors. Licensed under the Apache License, Version 2.0; see LICENSE. */
package io.nettyipc.pipe.unix;

import io.netty.channel.Channel;
import io.netty.channel.IoHandle;
import io.netty.channel.IoHandlerFactory;
import io.netty.channel.ServerChannel;
import io.netty.channel.kqueue.KQueue;
import io.netty.channel.kqueue.KQueueDomainSocketChannel;
import io.netty.channel.kqueue.KQueueIoHandle;
import io.netty.channel.kqueue.KQueueIoHandler;
import io.netty.channel.kqueue.KQueueServerDomainSocketChannel;
import io.netty.channel.unix.PeerCredentials;
import io.nettyipc.pipe.NamedPipePeer;
import java.io.IOException;

/** Refers to classes of an optional dependency: loading it may fail. */
final class KQueueTransport extends NativeTransport {
    private KQueueTransport() {}

    /**
     * Returns the transport.
     *
     * @throws UnsatisfiedLinkError if it can't be used, with the reason as its cause
     */
    static UnixTransport create() {
        KQueue.ensureAvailability();
        return new KQueueTransport();
    }

    @Override
    IoHandlerFactory newTransportFactory() {
        return KQueueIoHandler.newFactory();
    }

    @Override
    Class<? extends IoHandle> handleType() {
        return KQueueIoHandle.class;
    }

    @Override
    public Class<? extends ServerChannel> serverChannelType() {
        return KQueueServerDomainSocketChannel.class;
    }

    @Override
    public Class<? extends Channel> channelType() {
        return KQueueDomainSocketChannel.class;
    }

    @Override
    public Channel inherited(int descriptor) {
        return new KQueueDomainSocketChannel(descriptor);
    }

    @Override
    NamedPipePeer peerOf(Channel channel) throws IOException {
        PeerCredentials peer = ((KQueueDomainSocketChannel) channel).peerCredentials();
        // Netty does not fill in the process id on macOS.
        return peer(peer.pid(), peer.uid(), peer.gids());
    }
}
