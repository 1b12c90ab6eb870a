/* Copyright 2026 The Netty IPC Authors. Licensed under the Apache License, Version 2.0; see LICENSE. */
package io.nettyipc.pipe.random;

import io.netty.bootstrap.Bootstrap;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.util.concurrent.DefaultThreadFactory;
import io.nettyipc.base.testing.TestedTransport;
import java.util.EnumSet;
import java.util.Set;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BiConsumer;

/** A server and its clients. */
public final class BootstrapPairs implements ChannelPairs {

    private static final AtomicInteger NEXT_NAME = new AtomicInteger();
    private static final int PATIENCE_SECONDS = 20;

    private final TestedTransport transport;
    private final Set<Trait> traits;
    private final BiConsumer<Channel, Settings> options;
    private final EventLoopGroup servers;
    private final EventLoopGroup clients;
    private final BlockingQueue<Channel> accepted = new ArrayBlockingQueue<>(1);
    private final Channel server;
    private volatile Settings settings;
    private volatile ChannelHandler serverHandler;

    /**
     * Binds the server.
     *
     * @param transport the kind of channel
     * @param traits    what it can do
     * @param options   sets options of the kind on each channel, by the script's settings
     */
    public BootstrapPairs(TestedTransport transport, Set<Trait> traits, BiConsumer<Channel, Settings> options) {
        this.transport = transport;
        this.traits = EnumSet.copyOf(traits);
        this.options = options;
        servers = loop("random-server");
        clients = loop("random-client");
        ServerBootstrap bootstrap = new ServerBootstrap()
                .group(servers)
                .channel(transport.serverChannelType())
                .childHandler(new ChannelInitializer<>() {
                    @Override
                    protected void initChannel(Channel channel) {
                        options.accept(channel, settings);
                        channel.pipeline().addLast(serverHandler);
                        accepted.add(channel);
                    }
                });
        transport.configure(bootstrap);
        server = bootstrap
                .bind(transport.address("random-" + ProcessHandle.current().pid() + '-' + NEXT_NAME.incrementAndGet()))
                .syncUninterruptibly()
                .channel();
    }

    private EventLoopGroup loop(String name) {
        return new MultiThreadIoEventLoopGroup(
                1, new DefaultThreadFactory(name, true), transport.newIoHandlerFactory());
    }

    @Override
    public Set<Trait> traits() {
        return traits;
    }

    @Override
    public Pair connect(Settings settings, ChannelHandler client, ChannelHandler server) throws Exception {
        this.settings = settings;
        serverHandler = server;
        Bootstrap bootstrap = new Bootstrap()
                .group(settings.oneLoop() ? servers : clients)
                .channel(transport.channelType())
                .handler(new ChannelInitializer<>() {
                    @Override
                    protected void initChannel(Channel channel) {
                        options.accept(channel, settings);
                        channel.pipeline().addLast(client);
                    }
                });
        transport.configure(bootstrap);
        Channel connected = bootstrap.connect(this.server.localAddress()).sync().channel();
        Channel other = accepted.poll(PATIENCE_SECONDS, TimeUnit.SECONDS);
        if (other == null) {
            throw new IllegalStateException("nothing was accepted of " + connected);
        }
        return new Pair(connected, other);
    }

    @Override
    public void close() {
        server.close().syncUninterruptibly();
        servers.shutdownGracefully(0, 5, TimeUnit.SECONDS);
        clients.shutdownGracefully(0, 5, TimeUnit.SECONDS);
        servers.terminationFuture().syncUninterruptibly();
        clients.terminationFuture().syncUninterruptibly();
    }
}
