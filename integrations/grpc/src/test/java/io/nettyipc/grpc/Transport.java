/* Copyright 2026 The Netty IPC Authors. Licensed under the Apache License, Version 2.0; see LICENSE. */
package io.nettyipc.grpc;

import io.netty.channel.Channel;
import io.netty.channel.IoHandlerFactory;
import io.netty.channel.ServerChannel;
import io.netty.channel.local.LocalAddress;
import io.netty.channel.local.LocalChannel;
import io.netty.channel.local.LocalIoHandler;
import io.netty.channel.local.LocalServerChannel;
import io.nettyipc.pipe.NamedPipe;
import io.nettyipc.pipe.NamedPipeAddress;
import io.nettyipc.shm.Shm;
import io.nettyipc.shm.ShmAddress;
import java.net.SocketAddress;

/** What carries gRPC in a test. */
enum Transport {
    PIPE {
        @Override
        IoHandlerFactory newIoHandlerFactory() {
            return NamedPipe.newIoHandlerFactory();
        }

        @Override
        Class<? extends ServerChannel> serverChannelType() {
            return NamedPipe.serverChannelType();
        }

        @Override
        Class<? extends Channel> channelType() {
            return NamedPipe.channelType();
        }

        @Override
        SocketAddress address(String name) {
            return NamedPipeAddress.of(name);
        }
    },
    SHM {
        @Override
        IoHandlerFactory newIoHandlerFactory() {
            return Shm.newIoHandlerFactory();
        }

        @Override
        Class<? extends ServerChannel> serverChannelType() {
            return Shm.serverChannelType();
        }

        @Override
        Class<? extends Channel> channelType() {
            return Shm.channelType();
        }

        @Override
        SocketAddress address(String name) {
            return ShmAddress.of(name);
        }
    },
    /** Neither pipe nor shared memory: any transport of Netty's does whose addresses aren't hosts and ports. */
    LOCAL {
        @Override
        IoHandlerFactory newIoHandlerFactory() {
            return LocalIoHandler.newFactory();
        }

        @Override
        Class<? extends ServerChannel> serverChannelType() {
            return LocalServerChannel.class;
        }

        @Override
        Class<? extends Channel> channelType() {
            return LocalChannel.class;
        }

        @Override
        SocketAddress address(String name) {
            return new LocalAddress(name);
        }
    };

    abstract IoHandlerFactory newIoHandlerFactory();

    abstract Class<? extends ServerChannel> serverChannelType();

    abstract Class<? extends Channel> channelType();

    abstract SocketAddress address(String name);
}
