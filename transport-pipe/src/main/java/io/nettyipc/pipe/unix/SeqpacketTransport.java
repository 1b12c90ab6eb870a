/* Copyright 2026 The Netty IPC Authors. Licensed under the Apache License, Version 2.0; see LICENSE. */
package io.nettyipc.pipe.unix;

import io.netty.channel.Channel;
import io.netty.channel.IoHandle;
import io.netty.channel.IoHandlerFactory;
import io.netty.channel.ServerChannel;
import io.nettyipc.pipe.NamedPipePeer;
import java.io.IOException;
import java.net.SocketAddress;

/**
 * Sockets that keep boundaries, for the rules of socket files. Their event loops are those of the platform's other
 * transports. Probing connects a socket of another type, which is refused as one of the same type is if nobody listens,
 * and differently if somebody does.
 */
final class SeqpacketTransport extends UnixTransport {
    static final SeqpacketTransport INSTANCE = new SeqpacketTransport();

    private SeqpacketTransport() {}

    @Override
    IoHandlerFactory newTransportFactory() {
        return preferred().newTransportFactory();
    }

    @Override
    Class<? extends IoHandle> handleType() {
        return preferred().handleType();
    }

    @Override
    public Class<? extends ServerChannel> serverChannelType() {
        return UnixMessagePipeServerChannel.class;
    }

    @Override
    public Class<? extends Channel> channelType() {
        return UnixMessagePipeChannel.class;
    }

    @Override
    public SocketAddress toTransportAddress(SocketAddress address) {
        return address;
    }

    @Override
    NamedPipePeer peerOf(Channel channel) throws IOException {
        return ((UnixMessagePipeChannel) channel).peer();
    }
}
