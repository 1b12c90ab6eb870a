/* Copyright 2026 The Netty IPC Authors. Licensed under the Apache License, Version 2.0; see LICENSE. */
package io.nettyipc.grpc;

import io.grpc.internal.SharedResourceHolder;
import io.grpc.internal.SharedResourcePool;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.util.concurrent.DefaultThreadFactory;
import java.util.concurrent.TimeUnit;

/**
 * The event loops of a scheme, as gRPC has its own for TCP: made for the first channel or server, counted, and ended
 * when the last has terminated, after the second that {@link SharedResourceHolder} waits for another. The threads are
 * daemons.
 */
final class SharedLoops implements SharedResourceHolder.Resource<EventLoopGroup> {

    private final LocalScheme scheme;

    SharedLoops(LocalScheme scheme) {
        this.scheme = scheme;
    }

    SharedResourcePool<EventLoopGroup> pool() {
        return SharedResourcePool.forResource(this);
    }

    @Override
    public EventLoopGroup create() {
        return new MultiThreadIoEventLoopGroup(
                new DefaultThreadFactory("grpc-" + scheme.name(), true), scheme.newIoHandlerFactory());
    }

    @Override
    public void close(EventLoopGroup group) {
        group.shutdownGracefully(0, 0, TimeUnit.SECONDS);
    }

    @Override
    public String toString() {
        return "event loops of " + scheme.name();
    }
}
