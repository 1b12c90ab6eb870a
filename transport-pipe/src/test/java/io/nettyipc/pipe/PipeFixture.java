/* Copyright 2026 The Netty IPC Authors. Licensed under the Apache License, Version 2.0; see LICENSE. */
package io.nettyipc.pipe;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.netty.bootstrap.Bootstrap;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.IoHandlerFactory;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.ServerChannel;
import io.netty.channel.SimpleChannelInboundHandler;
import io.nettyipc.pipe.unix.UnixTransport;
import java.net.SocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/** Event loops and bootstraps of one transport, for tests. */
public final class PipeFixture implements AutoCloseable {
    private static final AtomicInteger NAMES = new AtomicInteger();

    private final Class<? extends ServerChannel> serverType;
    private final Class<? extends Channel> type;
    private final EventLoopGroup group;

    public PipeFixture(
            IoHandlerFactory factory, Class<? extends ServerChannel> serverType, Class<? extends Channel> type) {
        this.serverType = serverType;
        this.type = type;
        this.group = new MultiThreadIoEventLoopGroup(4, factory);
    }

    /** The platform's transport as users get it. */
    public PipeFixture() {
        this(NamedPipe.newIoHandlerFactory(), NamedPipe.serverChannelType(), NamedPipe.channelType());
    }

    @SuppressWarnings("exports") // for tests of this project
    public PipeFixture(UnixTransport transport) {
        this(transport.newIoHandlerFactory(), transport.serverChannelType(), transport.channelType());
    }

    /** A name that no other test and no other process uses. */
    public static String newName() {
        return "test-" + ProcessHandle.current().pid() + "-" + NAMES.incrementAndGet();
    }

    public static NamedPipeAddress newAddress() {
        return NamedPipeAddress.of(newName());
    }

    public EventLoopGroup group() {
        return group;
    }

    public ServerBootstrap server(ChannelHandler child) {
        return new ServerBootstrap().group(group).channel(serverType).childHandler(child);
    }

    /** Starts a server that echoes. */
    public ChannelFuture listen(SocketAddress address) {
        return server(new EchoHandler()).bind(address);
    }

    public Channel listening(SocketAddress address) {
        return listen(address).syncUninterruptibly().channel();
    }

    public Bootstrap client(ChannelHandler handler) {
        return new Bootstrap().group(group).channel(type).handler(handler);
    }

    public ChannelFuture connect(SocketAddress address) {
        return client(new ChannelInboundHandlerAdapter()).connect(address);
    }

    /** Why something failed. */
    public static Throwable cause(ChannelFuture future) {
        assertTrue(future.awaitUninterruptibly(20, TimeUnit.SECONDS), "took too long");
        assertNotNull(future.cause(), "did not fail");
        return future.cause();
    }

    /** Connects, sends a line, and checks that it comes back. */
    public void assertEchoes(SocketAddress address) throws InterruptedException {
        BlockingQueue<String> received = new LinkedBlockingQueue<>();
        Channel channel = client(new ChannelInitializer<>() {
                    @Override
                    protected void initChannel(Channel ch) {
                        ch.pipeline().addLast(new SimpleChannelInboundHandler<ByteBuf>() {
                            @Override
                            protected void channelRead0(ChannelHandlerContext ctx, ByteBuf msg) {
                                received.add(msg.toString(StandardCharsets.US_ASCII));
                            }
                        });
                    }
                })
                .connect(address)
                .syncUninterruptibly()
                .channel();
        channel.writeAndFlush(Unpooled.copiedBuffer("ping\n", StandardCharsets.US_ASCII))
                .syncUninterruptibly();
        assertEquals("ping\n", received.poll(20, TimeUnit.SECONDS));
        channel.close().syncUninterruptibly();
    }

    @Override
    public void close() {
        assertTrue(group.shutdownGracefully(0, 10, TimeUnit.SECONDS).awaitUninterruptibly(20, TimeUnit.SECONDS));
    }

    @ChannelHandler.Sharable
    static final class EchoHandler extends ChannelInboundHandlerAdapter {
        @Override
        public void channelRead(ChannelHandlerContext ctx, Object msg) {
            ctx.write(msg, ctx.voidPromise());
        }

        @Override
        public void channelReadComplete(ChannelHandlerContext ctx) {
            ctx.flush();
        }
    }
}
