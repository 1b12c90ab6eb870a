/* Copyright 2026 The Netty IPC Authors. Licensed under the Apache License, Version 2.0; see LICENSE. */
package io.nettyipc.benchmarks.workload;

import io.netty.channel.Channel;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.ReflectiveChannelFactory;
import io.netty.channel.ServerChannel;
import io.nettyipc.benchmarks.transport.Loop;
import java.time.Duration;
import reactor.core.publisher.Mono;
import reactor.netty.resources.LoopResources;

/** Gives reactor-netty a contender's event loop, which stays the contender's, and its channels. */
final class ReactorLoop implements LoopResources {
    private final Loop loop;
    private final EventLoopGroup clients;

    ReactorLoop(Loop loop) {
        this.loop = loop;
        clients = LoopResources.colocate(loop.group());
    }

    @Override
    public EventLoopGroup onServer(boolean useNative) {
        return loop.group();
    }

    @Override
    public EventLoopGroup onClient(boolean useNative) {
        return clients;
    }

    @Override
    @SuppressWarnings("unchecked") // reactor-netty uses it as a channel
    public <C extends Channel> C onChannel(Class<C> channelType, EventLoopGroup group) {
        return (C) new ReflectiveChannelFactory<>(type(channelType)).newChannel();
    }

    @Override
    @SuppressWarnings("unchecked") // as above
    public <C extends Channel> Class<? extends C> onChannelClass(Class<C> channelType, EventLoopGroup group) {
        return (Class<? extends C>) type(channelType);
    }

    private Class<? extends Channel> type(Class<?> asked) {
        return ServerChannel.class.isAssignableFrom(asked)
                ? loop.transport().serverChannel()
                : loop.transport().clientChannel();
    }

    @Override
    public boolean daemon() {
        return false;
    }

    @Override
    public boolean isDisposed() {
        return loop.group().isShuttingDown();
    }

    @Override
    public Mono<Void> disposeLater(Duration quietPeriod, Duration timeout) {
        return Mono.empty();
    }
}
