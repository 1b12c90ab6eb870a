/* Copyright 2026 The Netty IPC Authors. Licensed under the Apache License, Version 2.0; see LICENSE. */
package io.nettyipc.pipe.testing;

import io.netty.channel.Channel;
import io.netty.channel.IoHandlerFactory;
import io.netty.channel.ServerChannel;
import io.nettyipc.base.testing.TestedTransport;
import io.nettyipc.pipe.NamedPipe;
import io.nettyipc.pipe.NamedPipeAddress;
import java.net.SocketAddress;

/** Pipes that carry messages. */
public final class MessagePipes implements TestedTransport {

    @Override
    public IoHandlerFactory newIoHandlerFactory() {
        return NamedPipe.newIoHandlerFactory();
    }

    @Override
    public Class<? extends ServerChannel> serverChannelType() {
        return NamedPipe.messageServerChannelType();
    }

    @Override
    public Class<? extends Channel> channelType() {
        return NamedPipe.messageChannelType();
    }

    @Override
    public SocketAddress address(String name) {
        return NamedPipeAddress.of(name);
    }
}
