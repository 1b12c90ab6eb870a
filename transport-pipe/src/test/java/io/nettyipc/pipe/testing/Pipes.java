/* Copyright 2026 The Netty IPC Authors. Licensed under the Apache License, Version 2.0; see LICENSE. */
package io.nettyipc.pipe.testing;

import io.netty.channel.Channel;
import io.netty.channel.IoHandlerFactory;
import io.netty.channel.ServerChannel;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.uring.IoUringDomainSocketChannel;
import io.netty.channel.uring.IoUringIoHandler;
import io.netty.channel.uring.IoUringServerDomainSocketChannel;
import io.nettyipc.base.testing.TestedTransport;
import io.nettyipc.base.testing.Variation;
import io.nettyipc.pipe.NamedPipe;
import io.nettyipc.pipe.NamedPipeAddress;
import java.net.SocketAddress;

/**
 * Whatever {@link NamedPipe} chooses on this machine: the Windows transport, epoll, kqueue or NIO. Or what the run's
 * {@link Variation} chooses.
 */
public final class Pipes implements TestedTransport {

    @Override
    public IoHandlerFactory newIoHandlerFactory() {
        return switch (Variation.CURRENT) {
            case SOCKETS -> NamedPipe.newIoHandlerFactory(NioIoHandler.newFactory());
            case URING -> NamedPipe.newIoHandlerFactory(IoUringIoHandler.newFactory());
            default -> NamedPipe.newIoHandlerFactory();
        };
    }

    @Override
    public Class<? extends ServerChannel> serverChannelType() {
        return Variation.CURRENT == Variation.URING
                ? IoUringServerDomainSocketChannel.class
                : NamedPipe.serverChannelType();
    }

    @Override
    public Class<? extends Channel> channelType() {
        return Variation.CURRENT == Variation.URING ? IoUringDomainSocketChannel.class : NamedPipe.channelType();
    }

    @Override
    public SocketAddress address(String name) {
        return NamedPipeAddress.of(name);
    }
}
