/* Copyright 2026 The Netty IPC Authors. Licensed under the Apache License, Version 2.0; see LICENSE. */
package io.nettyipc.grpc;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.grpc.netty.NettyChannelBuilder;
import io.grpc.netty.NettyServerBuilder;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ServerChannel;
import io.nettyipc.shm.ShmChannel;
import io.nettyipc.shm.ShmChannelOption;
import io.nettyipc.shm.ShmLeaseMetrics;
import io.nettyipc.shm.ShmServerChannel;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;

/**
 * Has gRPC allocate all that it writes, however small, in memory that its connections lend. It knows no allocator of a
 * connection: so a handler before its own sets that.
 */
final class Lending {

    private static final int MEMORY = 8 << 20;

    private final Queue<ShmChannel> channels = new ConcurrentLinkedQueue<>();

    void configure(NettyServerBuilder server) {
        server.channelFactory(() -> {
            ServerChannel channel =
                    AcceptedConnections.of(ShmServerChannel.class).newChannel();
            channel.pipeline().addFirst(new ChannelInboundHandlerAdapter() {
                @Override
                public void channelRead(ChannelHandlerContext ctx, Object accepted) {
                    lend((Channel) accepted);
                    ctx.fireChannelRead(accepted);
                }
            });
            return channel;
        });
    }

    void configure(NettyChannelBuilder client) {
        client.channelFactory(() -> lend(new ShmChannel()));
    }

    private Channel lend(Channel channel) {
        channel.config().setOption(ShmChannelOption.SHM_LEASE_SEND_MEMORY, MEMORY);
        channel.config().setOption(ShmChannelOption.SHM_LEASE_RECEIVE_MEMORY, MEMORY);
        channel.config().setOption(ShmChannelOption.SHM_ZERO_COPY_THRESHOLD, 1);
        channel.pipeline().addFirst(new SharedAllocator());
        channels.add((ShmChannel) channel);
        return channel;
    }

    /** Of both ends of all connections. */
    long sent() {
        return channels.stream()
                .mapToLong(channel -> channel.leaseMetrics().sent())
                .sum();
    }

    /** After the end of all connections nobody has any of their memory. */
    void assertAllReturned() throws InterruptedException {
        for (ShmChannel channel : channels) {
            // Those that were never connected have counted nothing.
            channel.closeFuture().await(20, TimeUnit.SECONDS);
            ShmLeaseMetrics metrics = channel.leaseMetrics();
            assertEquals(0, metrics.held() + metrics.peerHolds() + metrics.memoryInUse(), metrics::toString);
        }
    }

    private static final class SharedAllocator extends ChannelInboundHandlerAdapter {
        @Override
        public void channelActive(ChannelHandlerContext ctx) {
            ctx.channel().config().setAllocator(((ShmChannel) ctx.channel()).sharedAllocator());
            ctx.fireChannelActive();
        }
    }
}
