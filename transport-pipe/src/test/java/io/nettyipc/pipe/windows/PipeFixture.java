/* Copyright 2026 The Netty IPC Authors. Licensed under the Apache License, Version 2.0; see LICENSE. */
package io.nettyipc.pipe.windows;

import io.netty.bootstrap.Bootstrap;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.nettyipc.base.loop.CompletionPortIoHandler;
import io.nettyipc.pipe.NamedPipeAddress;
import java.io.ByteArrayOutputStream;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;

/** A pipe's name that nobody else has, and event loops for its server, its connections and its clients. */
public abstract class PipeFixture {

    private static final AtomicInteger COUNTER = new AtomicInteger();

    public final NamedPipeAddress address = NamedPipeAddress.of("nettyipc-test-"
            + ProcessHandle.current().pid() + '-' + System.nanoTime() + '-' + COUNTER.getAndIncrement());
    public EventLoopGroup boss;
    public EventLoopGroup workers;
    public EventLoopGroup clients;

    @BeforeEach
    public void startLoops() {
        boss = new MultiThreadIoEventLoopGroup(1, CompletionPortIoHandler.newFactory());
        workers = new MultiThreadIoEventLoopGroup(2, CompletionPortIoHandler.newFactory());
        clients = new MultiThreadIoEventLoopGroup(1, CompletionPortIoHandler.newFactory());
    }

    @AfterEach
    public void endLoops() {
        for (EventLoopGroup group : new EventLoopGroup[] {clients, boss, workers}) {
            group.shutdownGracefully(0, 20, TimeUnit.SECONDS);
        }
        for (EventLoopGroup group : new EventLoopGroup[] {clients, boss, workers}) {
            if (!group.terminationFuture().awaitUninterruptibly(30, TimeUnit.SECONDS)) {
                throw new AssertionError("an event loop didn't end");
            }
        }
    }

    public ServerBootstrap server(ChannelHandler childHandler) {
        return new ServerBootstrap()
                .group(boss, workers)
                .channel(WindowsNamedPipeServerChannel.class)
                .childHandler(childHandler);
    }

    public Bootstrap client(ChannelHandler handler) {
        return new Bootstrap()
                .group(clients)
                .channel(WindowsNamedPipeChannel.class)
                .handler(handler);
    }

    public Channel bind(ChannelHandler childHandler) {
        return server(childHandler).bind(address).syncUninterruptibly().channel();
    }

    public Channel connect(ChannelHandler handler) {
        return client(handler).connect(address).syncUninterruptibly().channel();
    }

    /** Sends back what it gets. */
    @ChannelHandler.Sharable
    public static final class Echo extends ChannelInboundHandlerAdapter {
        @Override
        public void channelRead(ChannelHandlerContext ctx, Object msg) {
            ctx.write(msg);
        }

        @Override
        public void channelReadComplete(ChannelHandlerContext ctx) {
            ctx.flush();
        }
    }

    /** Collects what comes, and lets a test wait for it. Sharable only so that one may be shown several channels. */
    @ChannelHandler.Sharable
    public static class Recorder extends ChannelInboundHandlerAdapter {
        final BlockingQueue<Channel> active = new LinkedBlockingQueue<>();
        final BlockingQueue<Channel> inactive = new LinkedBlockingQueue<>();
        public final BlockingQueue<Throwable> failures = new LinkedBlockingQueue<>();
        final AtomicInteger reads = new AtomicInteger();
        private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();

        @Override
        public void channelActive(ChannelHandlerContext ctx) throws Exception {
            active.add(ctx.channel());
            ctx.fireChannelActive();
        }

        @Override
        public void channelRead(ChannelHandlerContext ctx, Object msg) {
            ByteBuf buf = (ByteBuf) msg;
            try {
                reads.incrementAndGet();
                synchronized (bytes) {
                    bytes.writeBytes(io.netty.buffer.ByteBufUtil.getBytes(buf));
                    bytes.notifyAll();
                }
            } finally {
                buf.release();
            }
        }

        @Override
        public void channelInactive(ChannelHandlerContext ctx) {
            inactive.add(ctx.channel());
        }

        @Override
        public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
            failures.add(cause);
        }

        int received() {
            synchronized (bytes) {
                return bytes.size();
            }
        }

        byte[] awaitBytes(int count) throws InterruptedException {
            long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(30);
            synchronized (bytes) {
                while (bytes.size() < count) {
                    long left = TimeUnit.NANOSECONDS.toMillis(deadline - System.nanoTime());
                    if (left <= 0) {
                        throw new AssertionError(
                                "got " + bytes.size() + " of " + count + " bytes; failures " + failures);
                    }
                    bytes.wait(left);
                }
                return bytes.toByteArray();
            }
        }

        Channel awaitActive() throws InterruptedException {
            return await(active, "channelActive");
        }

        public Channel awaitInactive() throws InterruptedException {
            return await(inactive, "channelInactive");
        }

        private Channel await(BlockingQueue<Channel> queue, String what) throws InterruptedException {
            Channel channel = queue.poll(30, TimeUnit.SECONDS);
            if (channel == null) {
                throw new AssertionError("no " + what + "; failures " + failures);
            }
            return channel;
        }
    }
}
