/* Copyright 2026 The Netty IPC Authors. Licensed under the Apache License, Version 2.0; see LICENSE. */
package io.nettyipc.shm;

import io.netty.bootstrap.Bootstrap;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.channel.Channel;
import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelPromise;
import io.netty.channel.IoHandlerFactory;
import io.netty.channel.ServerChannel;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.uring.IoUringIoHandler;
import io.netty.handler.ssl.SslHandler;
import io.nettyipc.base.testing.TestedTransport;
import io.nettyipc.base.testing.Variation;
import io.nettyipc.shm.control.KeptMemory;
import io.nettyipc.shm.segment.SystemResources;
import java.net.SocketAddress;

/** Shared memory, for tests that run over pipes too. */
public final class SharedMemory implements TestedTransport {

    private static final int DEFAULT_CAPACITY = Variation.CURRENT == Variation.SMALL_RING ? 4 << 10 : 256 << 10;

    /** Too little for all that some tests write at once: what is too much is copied. */
    private static final int LEASE_MEMORY = 512 << 10;

    private static final int LEASES = 40;

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
        if (Variation.CURRENT == Variation.LEASES) {
            bootstrap
                    .childOption(ShmChannelOption.SHM_LEASE_SEND_MEMORY, LEASE_MEMORY)
                    .childOption(ShmChannelOption.SHM_LEASE_RECEIVE_MEMORY, LEASE_MEMORY)
                    .childOption(ShmChannelOption.SHM_MAX_LEASES, LEASES)
                    .childOption(ShmChannelOption.SHM_ZERO_COPY_THRESHOLD, 1);
        }
    }

    @Override
    public void configure(Bootstrap bootstrap) {
        if (Variation.CURRENT == Variation.LEASES) {
            bootstrap
                    .option(ShmChannelOption.SHM_LEASE_SEND_MEMORY, LEASE_MEMORY)
                    .option(ShmChannelOption.SHM_LEASE_RECEIVE_MEMORY, LEASE_MEMORY)
                    .option(ShmChannelOption.SHM_MAX_LEASES, LEASES)
                    .option(ShmChannelOption.SHM_ZERO_COPY_THRESHOLD, 1);
        }
    }

    @Override
    public ChannelHandler between(ChannelHandler tests) {
        return Variation.CURRENT == Variation.LEASES
                ? new ChannelInitializer<>() {
                    @Override
                    protected void initChannel(Channel channel) {
                        channel.pipeline().addLast(new Lender()).addLast(tests);
                    }
                }
                : tests;
    }

    /** Makes the shared allocator the channel's, and has every message written from there. */
    private static final class Lender extends ChannelDuplexHandler {

        private static final ShmLeaseCopyHandler COPY = new ShmLeaseCopyHandler();

        private ByteBufAllocator allocator;

        @Override
        public void channelActive(ChannelHandlerContext ctx) {
            allocator = ((ShmChannel) ctx.channel()).sharedAllocator();
            ctx.channel().config().setAllocator(allocator);
            ctx.fireChannelActive();
        }

        /** TLS decrypts in place. */
        @Override
        public void channelRead(ChannelHandlerContext ctx, Object msg) throws Exception {
            if (ctx.pipeline().get(SslHandler.class) == null) {
                ctx.fireChannelRead(msg);
            } else {
                COPY.channelRead(ctx, msg);
            }
        }

        @Override
        public void write(ChannelHandlerContext ctx, Object msg, ChannelPromise promise) {
            if (msg instanceof ByteBuf bytes && bytes.isReadable() && allocator != null) {
                ByteBuf lent = allocator.directBuffer(bytes.readableBytes());
                lent.writeBytes(bytes, bytes.readerIndex(), bytes.readableBytes());
                bytes.release();
                ctx.write(lent, promise);
            } else {
                ctx.write(msg, promise);
            }
        }
    }

    @Override
    public void giveBackKept() {
        KeptMemory.closeAll();
    }

    @Override
    public Runnable watchResources() {
        SystemResources before = SystemResources.count();
        return () -> SystemResources.count().assertNotMoreThan(before);
    }
}
