/* Copyright 2026 The Netty IPC Authors. Licensed under the Apache License, Version 2.0; see LICENSE. */
package io.nettyipc.benchmarks.workload;

import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelPipeline;
import io.netty.util.ReferenceCountUtil;
import io.nettyipc.benchmarks.transport.NettyClient;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/** Connect, one byte there and back, close; one after the other. */
final class ConnectClose implements Workload {
    @Override
    public String id() {
        return "connect";
    }

    @Override
    public String title() {
        return "connect, 1 B each way, close";
    }

    @Override
    public List<Measure> measures() {
        return List.of(Measure.OPERATIONS);
    }

    @Override
    public int slices() {
        return 4;
    }

    @Override
    public void initServer(ChannelPipeline pipeline) {
        Channel channel = pipeline.channel();
        channel.writeAndFlush(channel.alloc().directBuffer(1).writeByte(1), channel.voidPromise());
    }

    @Override
    public Session open(NettyClient client, int index) {
        return new Visits(client, index);
    }

    private static final class Visits implements Session {
        private final NettyClient client;
        private final int index;
        private long visits;
        private long nanos;

        Visits(NettyClient client, int index) {
            this.client = client;
            this.index = index;
        }

        @Override
        public long run(long duration) throws IOException, InterruptedException {
            long start = System.nanoTime();
            long count = 0;
            do {
                Visitor visitor = new Visitor(index);
                // The handler closes as soon as it has its answer.
                client.loop().startConnect(client.address(), visitor).addListener(connected -> {
                    if (!connected.isSuccess()) {
                        visitor.done.completeExceptionally(connected.cause());
                    }
                });
                Exchange.await(visitor.done);
                count++;
            } while (System.nanoTime() - start < duration);
            nanos += System.nanoTime() - start;
            visits += count;
            return count;
        }

        @Override
        public void reset() {
            visits = 0;
            nanos = 0;
        }

        @Override
        public void record(Figures figures) {
            figures.put(Measure.OPERATIONS, visits * 1e9 / nanos);
        }

        @Override
        public void close() {}
    }

    private static final class Visitor extends ChannelInboundHandlerAdapter {
        private final CompletableFuture<Void> done = new CompletableFuture<>();
        private final int index;
        private boolean answered;

        Visitor(int index) {
            this.index = index;
        }

        @Override
        public void channelActive(ChannelHandlerContext ctx) {
            ctx.writeAndFlush(ctx.alloc().directBuffer(1).writeByte(index), ctx.voidPromise());
        }

        @Override
        public void channelRead(ChannelHandlerContext ctx, Object msg) {
            ReferenceCountUtil.release(msg);
            answered = true;
            ctx.close();
        }

        @Override
        public void channelInactive(ChannelHandlerContext ctx) {
            if (answered) {
                done.complete(null);
            } else {
                done.completeExceptionally(new IOException("the connection was closed by the server"));
            }
        }

        @Override
        public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
            done.completeExceptionally(cause);
            ctx.close();
        }
    }
}
