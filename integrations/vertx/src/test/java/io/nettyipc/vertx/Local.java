/* Copyright 2026 The Netty IPC Authors. Licensed under the Apache License, Version 2.0; see LICENSE. */
package io.nettyipc.vertx;

import io.netty.channel.Channel;
import io.netty.channel.IoHandlerFactory;
import io.nettyipc.pipe.NamedPipe;
import io.nettyipc.pipe.NamedPipeAddress;
import io.nettyipc.shm.Shm;
import io.nettyipc.shm.ShmAddress;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.net.SocketAddress;
import java.util.concurrent.TimeUnit;

/** What carries a test's connections. */
enum Local {
    PIPE {
        @Override
        Vertx newVertx() {
            return Vertx.builder().withTransport(IpcTransport.pipes()).build();
        }

        @Override
        IoHandlerFactory handlers() {
            return NamedPipe.newIoHandlerFactory();
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
        Vertx newVertx() {
            return Vertx.builder().withTransport(IpcTransport.sharedMemory()).build();
        }

        @Override
        IoHandlerFactory handlers() {
            return Shm.newIoHandlerFactory();
        }

        @Override
        Class<? extends Channel> channelType() {
            return Shm.channelType();
        }

        @Override
        SocketAddress address(String name) {
            return ShmAddress.of(name);
        }
    };

    abstract Vertx newVertx();

    abstract IoHandlerFactory handlers();

    abstract Class<? extends Channel> channelType();

    abstract SocketAddress address(String name);

    /** Waits for what has to come. */
    static <T> T await(Future<T> future) throws Exception {
        return future.toCompletionStage().toCompletableFuture().get(60, TimeUnit.SECONDS);
    }
}
