/* Copyright 2026 The Netty IPC Authors. Licensed under the Apache License, Version 2.0; see LICENSE. */
package io.nettyipc.grpc;

import io.grpc.internal.ObjectPool;
import io.grpc.netty.NettyChannelBuilder;
import io.grpc.netty.NettyServerBuilder;
import io.netty.channel.EventLoopGroup;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;

/**
 * Gives gRPC's builders event loops that are returned when a channel or server has terminated. Its public setters take
 * loops that stay the caller's; those for pools, with which gRPC's provider for {@code unix:} does the same as this
 * one, are for its own package.
 */
final class LoopPools {

    private static final MethodHandle CHANNEL = setter(NettyChannelBuilder.class, "eventLoopGroupPool");
    private static final MethodHandle BOSS = setter(NettyServerBuilder.class, "bossEventLoopGroupPool");
    private static final MethodHandle WORKER = setter(NettyServerBuilder.class, "workerEventLoopGroupPool");

    private LoopPools() {}

    /** Returns null if there is none, or it can't be called. */
    static MethodHandle setter(Class<?> builder, String name) {
        try {
            return MethodHandles.privateLookupIn(builder, MethodHandles.lookup())
                    .findVirtual(builder, name, MethodType.methodType(builder, ObjectPool.class));
        } catch (ReflectiveOperationException e) {
            return null;
        }
    }

    static void set(NettyChannelBuilder builder, ObjectPool<? extends EventLoopGroup> pool) {
        call(CHANNEL, builder, pool);
    }

    static void set(NettyServerBuilder builder, ObjectPool<? extends EventLoopGroup> pool) {
        call(BOSS, builder, pool);
        call(WORKER, builder, pool);
    }

    static void call(MethodHandle setter, Object builder, ObjectPool<?> pool) {
        if (setter == null) {
            throw new IllegalStateException(
                    "this version of grpc-netty lacks the setters for shared event loops, or its module is not open to"
                            + " io.nettyipc.grpc: use the methods of LocalGrpc that take an EventLoopGroup");
        }
        try {
            setter.invoke(builder, pool);
        } catch (RuntimeException | Error e) {
            throw e;
        } catch (Throwable e) {
            throw new AssertionError(e);
        }
    }
}
