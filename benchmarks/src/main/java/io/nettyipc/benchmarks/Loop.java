/* Copyright 2026 The Netty IPC Authors. Licensed under the Apache License, Version 2.0; see LICENSE. */
package io.nettyipc.benchmarks;

import io.netty.bootstrap.Bootstrap;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.WriteBufferWaterMark;
import io.netty.channel.group.ChannelGroup;
import io.netty.channel.group.DefaultChannelGroup;
import io.netty.util.ResourceLeakDetector;
import io.netty.util.concurrent.GlobalEventExecutor;
import java.net.SocketAddress;
import java.util.concurrent.TimeUnit;

/** One event loop of one contender: its thread serves the listening channel and all connections. */
record Loop(Contender contender, EventLoopGroup group, ChannelGroup channels) implements AutoCloseable {
    /**
     * The same for every contender. Netty's default (64 KiB) would stop the sender after each single 64 KiB buffer and
     * measure the wake-up instead of the transport.
     */
    private static final WriteBufferWaterMark WATER_MARK = new WriteBufferWaterMark(256 * 1024, 512 * 1024);

    static {
        // It takes a stack trace of every 128th buffer, which would count as bytes allocated for messages.
        ResourceLeakDetector.setLevel(ResourceLeakDetector.Level.DISABLED);
    }

    static Loop open(Contender contender) {
        return new Loop(
                contender,
                new MultiThreadIoEventLoopGroup(1, contender.ioHandler().get()),
                new DefaultChannelGroup(GlobalEventExecutor.INSTANCE));
    }

    Channel bind(SocketAddress address, ChannelHandler childHandler) throws InterruptedException {
        Channel listener = new ServerBootstrap()
                .group(group)
                .channel(contender.serverChannel())
                .option(ChannelOption.SO_BACKLOG, 128)
                .childOption(ChannelOption.WRITE_BUFFER_WATER_MARK, WATER_MARK)
                .childHandler(new ChannelInitializer<>() {
                    @Override
                    protected void initChannel(Channel channel) {
                        channels.add(channel);
                        channel.pipeline().addLast(childHandler);
                    }
                })
                .bind(address)
                .sync()
                .channel();
        channels.add(listener);
        return listener;
    }

    Channel connect(SocketAddress address, ChannelHandler handler) throws InterruptedException {
        Channel channel = new Bootstrap()
                .group(group)
                .channel(contender.clientChannel())
                .option(ChannelOption.WRITE_BUFFER_WATER_MARK, WATER_MARK)
                .handler(handler)
                .connect(address)
                .sync()
                .channel();
        channels.add(channel);
        return channel;
    }

    /** Closes every channel and ends the event loop. */
    @Override
    public void close() {
        channels.close().awaitUninterruptibly(10, TimeUnit.SECONDS);
        group.shutdownGracefully(0, 5, TimeUnit.SECONDS).awaitUninterruptibly(10, TimeUnit.SECONDS);
    }
}
