/* Copyright 2026 The Netty IPC Authors. Licensed under the Apache License, Version 2.0; see LICENSE. */
package io.nettyipc.benchmarks.transport;

import io.netty.bootstrap.Bootstrap;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
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
import io.netty.util.concurrent.SingleThreadEventExecutor;
import io.nettyipc.shm.ShmChannel;
import io.nettyipc.shm.ShmChannelOption;
import java.io.IOException;
import java.net.SocketAddress;
import java.util.concurrent.TimeUnit;

/** One event loop of one transport: its thread serves the listening channel and all connections. */
public final class Loop implements Side, AutoCloseable {
    /** As many as a run has connections: a full backlog would measure the kernel's retries. */
    private static final int BACKLOG = 1024;

    /**
     * The same for every transport. Netty's default (64 KiB) would stop the sender after each single 64 KiB buffer and
     * measure the wake-up instead of the transport.
     */
    private static final WriteBufferWaterMark WATER_MARK = new WriteBufferWaterMark(256 * 1024, 512 * 1024);

    private static final int SMALL_RING = 16 * 1024;

    static {
        // It takes a stack trace of every 128th buffer, which would count as bytes allocated for messages.
        ResourceLeakDetector.setLevel(ResourceLeakDetector.Level.DISABLED);
    }

    private final NettyTransport transport;
    private final EventLoopGroup group;
    private final ChannelGroup channels = new DefaultChannelGroup(GlobalEventExecutor.INSTANCE);
    private final Gate gate;

    private Loop(NettyTransport transport) {
        this.transport = transport;
        group = new MultiThreadIoEventLoopGroup(1, transport.ioHandler().get());
        gate = new Gate(group.next());
    }

    public static Loop open(NettyTransport transport) {
        return new Loop(transport);
    }

    public NettyTransport transport() {
        return transport;
    }

    public EventLoopGroup group() {
        return group;
    }

    /**
     * Listens.
     *
     * @throws IOException says where it could not
     */
    public Channel bind(SocketAddress address, ChannelHandler childHandler) throws IOException, InterruptedException {
        ServerBootstrap bootstrap = new ServerBootstrap();
        if (!transport.isInOneProcess()) {
            bootstrap.option(ChannelOption.SO_BACKLOG, BACKLOG);
        }
        transport.options().forEach((option, value) -> childOption(bootstrap, option, value));
        ChannelFuture bound = bootstrap
                .group(group)
                .channel(transport.serverChannel())
                .childOption(ChannelOption.WRITE_BUFFER_WATER_MARK, WATER_MARK)
                .childHandler(new ChannelInitializer<>() {
                    @Override
                    protected void initChannel(Channel channel) {
                        channels.add(channel);
                        channel.pipeline().addLast(childHandler);
                    }
                })
                .bind(address)
                .await();
        if (!bound.isSuccess()) {
            close();
            throw new IOException(
                    "cannot listen on " + address + ": " + bound.cause().getMessage(), bound.cause());
        }
        channels.add(bound.channel());
        return bound.channel();
    }

    public Channel connect(SocketAddress address, ChannelHandler handler) throws InterruptedException {
        return startConnect(address, handler).sync().channel();
    }

    /**
     * Connects with rings of 16 KiB where there are rings: thousands of the default size are more memory than a server
     * grants.
     */
    public Channel connectSmall(SocketAddress address, ChannelHandler handler) throws InterruptedException {
        Bootstrap bootstrap = bootstrap(handler);
        if (transport.clientChannel() == ShmChannel.class) {
            bootstrap
                    .option(ShmChannelOption.SHM_SEND_CAPACITY, SMALL_RING)
                    .option(ShmChannelOption.SHM_RECEIVE_CAPACITY, SMALL_RING);
        }
        return connect(bootstrap, address).sync().channel();
    }

    /** As {@link #connect}, for the event loop's own thread. */
    public ChannelFuture startConnect(SocketAddress address, ChannelHandler handler) {
        return connect(bootstrap(handler), address);
    }

    private Bootstrap bootstrap(ChannelHandler handler) {
        Bootstrap bootstrap = new Bootstrap()
                .group(group)
                .channel(transport.clientChannel())
                .option(ChannelOption.WRITE_BUFFER_WATER_MARK, WATER_MARK)
                .handler(handler);
        transport.options().forEach((option, value) -> option(bootstrap, option, value));
        return bootstrap;
    }

    @SuppressWarnings("unchecked") // A map can't say that each value is of its option's type.
    private static <T> void option(Bootstrap bootstrap, ChannelOption<T> option, Object value) {
        bootstrap.option(option, (T) value);
    }

    @SuppressWarnings("unchecked")
    private static <T> void childOption(ServerBootstrap bootstrap, ChannelOption<T> option, Object value) {
        bootstrap.childOption(option, (T) value);
    }

    private ChannelFuture connect(Bootstrap bootstrap, SocketAddress address) {
        ChannelFuture connected = bootstrap.connect(address);
        channels.add(connected.channel());
        return connected;
    }

    @Override
    public Counters resume() {
        gate.open();
        return counters();
    }

    @Override
    public Counters pause() throws IOException, InterruptedException {
        gate.close();
        return counters();
    }

    private Counters counters() {
        return Counters.read(
                ((SingleThreadEventExecutor) group.next()).threadProperties().id());
    }

    @Override
    public long threadId() throws InterruptedException {
        return group.next().submit(Counters::callingThreadId).sync().getNow();
    }

    /** Closes every channel and ends the event loop. */
    @Override
    public void close() {
        gate.open();
        channels.close().awaitUninterruptibly(10, TimeUnit.SECONDS);
        group.shutdownGracefully(0, 5, TimeUnit.SECONDS).awaitUninterruptibly(10, TimeUnit.SECONDS);
    }
}
