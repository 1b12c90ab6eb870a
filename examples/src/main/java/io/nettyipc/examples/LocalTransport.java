/* Copyright 2026 The Netty IPC Authors. Licensed under the Apache License, Version 2.0; see LICENSE. */
package io.nettyipc.examples;

import io.netty.channel.Channel;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.IoHandlerFactory;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.ServerChannel;
import io.nettyipc.pipe.NamedPipe;
import io.nettyipc.pipe.NamedPipeAddress;
import io.nettyipc.shm.Shm;
import io.nettyipc.shm.ShmAddress;
import java.net.SocketAddress;
import java.util.Locale;

/** What an example's first argument chooses: {@code pipe} or {@code shm}. This is all that differs between the two. */
public enum LocalTransport {
    /** A named pipe; on Unix a Unix domain socket. */
    PIPE {
        @Override
        IoHandlerFactory newIoHandlerFactory() {
            return NamedPipe.newIoHandlerFactory();
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
    },
    /** Shared memory. */
    SHM {
        @Override
        IoHandlerFactory newIoHandlerFactory() {
            return Shm.newIoHandlerFactory();
        }

        @Override
        public Class<? extends ServerChannel> serverChannelType() {
            return Shm.serverChannelType();
        }

        @Override
        public Class<? extends Channel> channelType() {
            return Shm.channelType();
        }

        @Override
        public SocketAddress address(String name) {
            return ShmAddress.of(name);
        }
    };

    public static LocalTransport of(String argument) {
        return valueOf(argument.toUpperCase(Locale.ROOT));
    }

    abstract IoHandlerFactory newIoHandlerFactory();

    public abstract Class<? extends ServerChannel> serverChannelType();

    public abstract Class<? extends Channel> channelType();

    public abstract SocketAddress address(String name);

    public EventLoopGroup newGroup() {
        return new MultiThreadIoEventLoopGroup(newIoHandlerFactory());
    }
}
