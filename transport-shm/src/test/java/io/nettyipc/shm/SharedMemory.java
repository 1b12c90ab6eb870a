/* Copyright 2026 The Netty IPC Authors. Licensed under the Apache License, Version 2.0; see LICENSE. */
package io.nettyipc.shm;

import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.IoHandlerFactory;
import io.netty.channel.ServerChannel;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.uring.IoUringIoHandler;
import io.nettyipc.base.testing.TestedTransport;
import io.nettyipc.base.testing.Variation;
import io.nettyipc.shm.segment.SystemResources;
import java.net.SocketAddress;

/** Shared memory, for tests that run over pipes too. */
public final class SharedMemory implements TestedTransport {

    private static final int DEFAULT_CAPACITY = Variation.CURRENT == Variation.SMALL_RING ? 4 << 10 : 256 << 10;

    private final int capacity;

    /** With rings as they are without options, or as the run's {@link Variation} has them. */
    public SharedMemory() {
        this(DEFAULT_CAPACITY);
    }

    /**
     * With other rings.
     *
     * @param capacity in bytes; small ones are full soon
     */
    public SharedMemory(int capacity) {
        this.capacity = capacity;
    }

    @Override
    public IoHandlerFactory newIoHandlerFactory() {
        return switch (Variation.CURRENT) {
            case SOCKETS -> Shm.newIoHandlerFactory(NioIoHandler.newFactory(), ShmSpinStrategy.ADAPTIVE);
            case URING -> Shm.newIoHandlerFactory(IoUringIoHandler.newFactory(), ShmSpinStrategy.ADAPTIVE);
            default -> Shm.newIoHandlerFactory();
        };
    }

    @Override
    public Class<? extends ServerChannel> serverChannelType() {
        return ShmServerChannel.class;
    }

    @Override
    public Class<? extends Channel> channelType() {
        return ShmChannel.class;
    }

    @Override
    public SocketAddress address(String name) {
        return ShmAddress.of(name);
    }

    @Override
    public void configure(ServerBootstrap bootstrap) {
        bootstrap
                .childOption(ShmChannelOption.SHM_SEND_CAPACITY, capacity)
                .childOption(ShmChannelOption.SHM_RECEIVE_CAPACITY, capacity);
    }

    @Override
    public Runnable watchResources() {
        SystemResources before = SystemResources.count();
        return () -> SystemResources.count().assertNotMoreThan(before);
    }
}
