/* Copyright 2026 The Netty IPC Authors. Licensed under the Apache License, Version 2.0; see LICENSE. */
package io.nettyipc.pipe.unix;

import io.netty.channel.Channel;
import io.netty.channel.IoHandle;
import io.netty.channel.IoHandlerFactory;
import io.netty.channel.ServerChannel;
import io.netty.channel.nio.NioIoHandle;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioChannelOption;
import io.netty.channel.socket.nio.NioDomainSocketChannel;
import io.netty.channel.socket.nio.NioServerDomainSocketChannel;
import io.nettyipc.base.os.UnixUsers;
import io.nettyipc.base.socket.SocketAddresses;
import io.nettyipc.pipe.NamedPipePeer;
import java.io.IOException;
import java.net.SocketAddress;
import java.net.UnixDomainSocketAddress;
import jdk.net.ExtendedSocketOptions;
import jdk.net.UnixDomainPrincipal;

final class NioTransport extends UnixTransport {
    static final NioTransport INSTANCE = new NioTransport();

    private NioTransport() {}

    @Override
    IoHandlerFactory newTransportFactory() {
        return NioIoHandler.newFactory();
    }

    @Override
    Class<? extends IoHandle> handleType() {
        return NioIoHandle.class;
    }

    @Override
    public Class<? extends ServerChannel> serverChannelType() {
        return NioServerDomainSocketChannel.class;
    }

    @Override
    public Class<? extends Channel> channelType() {
        return NioDomainSocketChannel.class;
    }

    @Override
    public SocketAddress toTransportAddress(SocketAddress address) {
        return address instanceof UnixDomainSocketAddress
                ? address
                : UnixDomainSocketAddress.of(SocketAddresses.pathOf(address));
    }

    @Override
    NamedPipePeer peerOf(Channel channel) throws IOException {
        UnixDomainPrincipal peer = channel.config().getOption(NioChannelOption.of(ExtendedSocketOptions.SO_PEERCRED));
        if (peer == null) {
            throw new IOException("the JDK does not support SO_PEERCRED on this system");
        }
        String user = peer.user().getName();
        return new NamedPipePeer(-1, -1, user, UnixUsers.idOf(user));
    }
}
