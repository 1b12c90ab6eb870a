/* Copyright 2026 The Netty IPC Authors. Licensed under the Apache License, Version 2.0; see LICENSE. */
package io.nettyipc.examples;

import io.netty.channel.Channel;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.IoHandlerFactory;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.ServerChannel;
import io.nettyipc.pipe.NamedPipe;
import io.nettyipc.pipe.NamedPipeAddress;
import io.nettyipc.reactor.IpcLoopResources;
import io.nettyipc.shm.Shm;
import io.nettyipc.shm.ShmAddress;
import io.nettyipc.vertx.IpcTransport;
import io.vertx.core.transport.Transport;
import java.net.SocketAddress;
import java.util.Locale;
import reactor.netty.resources.LoopResources;

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

        @Override
        public LoopResources newLoopResources(String prefix) {
            return IpcLoopResources.pipes(prefix);
        }

        @Override
        public Transport forVertx() {
            return IpcTransport.pipes();
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

        @Override
        public LoopResources newLoopResources(String prefix) {
            return IpcLoopResources.sharedMemory(prefix);
        }

        @Override
        public Transport forVertx() {
            return IpcTransport.sharedMemory();
        }
    };

    public static LocalTransport of(String argument) {
        return valueOf(argument.toUpperCase(Locale.ROOT));
    }

    abstract IoHandlerFactory newIoHandlerFactory();

    public abstract Class<? extends ServerChannel> serverChannelType();

    public abstract Class<? extends Channel> channelType();

    public abstract SocketAddress address(String name);

    /** For what is built on reactor-netty, such as Spring WebFlux and RSocket. */
    public abstract LoopResources newLoopResources(String prefix);

    /** For Vert.x. */
    public abstract Transport forVertx();

    public EventLoopGroup newGroup() {
        return new MultiThreadIoEventLoopGroup(newIoHandlerFactory());
    }
}
