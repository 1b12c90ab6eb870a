/* Copyright 2026 The Netty IPC Authors. Licensed under the Apache License, Version 2.0; see LICENSE. */
package io.nettyipc.pipe.testing;

import io.netty.channel.Channel;
import io.netty.channel.IoHandlerFactory;
import io.netty.channel.ServerChannel;
import io.netty.channel.nio.NioIoHandler;
import io.nettyipc.base.testing.TestedTransport;
import io.nettyipc.base.testing.Variation;
import io.nettyipc.pipe.NamedPipe;
import io.nettyipc.pipe.NamedPipeAddress;
import java.net.SocketAddress;

/** Whatever {@link NamedPipe} chooses on this machine: the Windows transport, epoll, kqueue or NIO. */
public final class Pipes implements TestedTransport {

    @Override
    public IoHandlerFactory newIoHandlerFactory() {
        return Variation.CURRENT == Variation.SOCKETS
                ? NamedPipe.newIoHandlerFactory(NioIoHandler.newFactory())
                : NamedPipe.newIoHandlerFactory();
    }

    @Override
    public Class<? extends ServerChannel> serverChannelType() {
        return NamedPipe.serverChannelType();
    }

    @Override
    public Class<? extends Channel> channelType() {
        return NamedPipe.channelType();
    }

    @Override
    public SocketAddress address(String name) {
        return NamedPipeAddress.of(name);
    }
}
