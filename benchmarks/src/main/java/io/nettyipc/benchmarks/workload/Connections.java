/* Copyright 2026 The Netty IPC Authors. Licensed under the Apache License, Version 2.0; see LICENSE. */
package io.nettyipc.benchmarks.workload;

import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelPipeline;
import io.nettyipc.benchmarks.transport.NettyClient;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.HdrHistogram.Histogram;

/**
 * Many connections on one event loop, each with one request at a time: of ten requests eight are of 64 bytes, one of
 * 1 KiB and one of 16 KiB. There may be others that are open and have nothing to say.
 */
final class Connections implements Workload {
    private static final int[] SIZES = {64, 64, 64, 1024, 64, 64, 64, 16 * 1024, 64, 64};

    private final int busy;
    private final int open;

    Connections(int connections) {
        this(connections, connections);
    }

    Connections(int busy, int open) {
        this.busy = busy;
        this.open = open;
    }

    @Override
    public String id() {
        return "connections-" + busy + (open > busy ? "-of-" + open : "");
    }

    @Override
    public String title() {
        return busy + (open > busy ? " of " + open : "") + (open == 1 ? " connection" : " connections")
                + ", mixed sizes";
    }

    @Override
    public List<Measure> measures() {
        return List.of(Measure.OPERATIONS, Measure.P50, Measure.P99);
    }

    @Override
    public int slices() {
        return open > 100 ? 1 : 4;
    }

    @Override
    public int sliceMillis() {
        return open > 100 ? 200 : 50;
    }

    @Override
    public void initServer(ChannelPipeline pipeline) {
        pipeline.addLast(new ChannelInboundHandlerAdapter() {
            @Override
            public void channelRead(ChannelHandlerContext ctx, Object msg) {
                ctx.write(msg, ctx.voidPromise());
            }

            @Override
            public void channelReadComplete(ChannelHandlerContext ctx) {
                ctx.flush();
            }
        });
    }

    @Override
    public Session open(NettyClient client, int index) throws IOException, InterruptedException {
        Load load = new Load();
        for (int i = 0; i < open; i++) {
            Caller caller = new Caller(load, i);
            // Not the oldest ones: an event loop might find those first.
            if (i % (open / busy) == 0 && load.callers.size() < busy) {
                load.callers.add(caller);
            }
            load.channels.add(open > 1000 ? client.connectSmall(index, caller) : client.connect(index, caller));
        }
        return load;
    }

    /** All connections together; its fields belong to the event loop while that runs. */
    private static final class Load implements Session {
        private final Histogram latency = Latencies.newHistogram();
        private final List<Caller> callers = new ArrayList<>();
        private final List<Channel> channels = new ArrayList<>();
        private CompletableFuture<Void> done = new CompletableFuture<>();
        private int busy;
        private long deadline;
        private long roundTrips;
        private long allRoundTrips;
        private long allNanos;

        @Override
        public long run(long nanos) throws IOException, InterruptedException {
            CompletableFuture<Void> end = new CompletableFuture<>();
            channels.get(0).eventLoop().execute(() -> {
                done = end;
                roundTrips = 0;
                busy = callers.size();
                deadline = System.nanoTime() + nanos;
                callers.forEach(Caller::send);
            });
            long start = System.nanoTime();
            Exchange.await(end);
            allNanos += System.nanoTime() - start;
            allRoundTrips += roundTrips;
            return roundTrips;
        }

        @Override
        public void reset() {
            latency.reset();
            allRoundTrips = 0;
            allNanos = 0;
        }

        @Override
        public void record(Figures figures) {
            figures.putLatency(latency);
            figures.put(Measure.OPERATIONS, allRoundTrips * 1e9 / allNanos);
        }

        @Override
        public void close() throws InterruptedException {
            for (Channel channel : channels) {
                channel.close().sync();
            }
        }
    }

    /** One connection. */
    private static final class Caller extends ChannelInboundHandlerAdapter {
        private final Load load;
        private ChannelHandlerContext ctx;
        /** Where in the mixture it is: each connection starts elsewhere. */
        private int turn;

        private int missing;
        private long sentAt;

        Caller(Load load, int turn) {
            this.load = load;
            this.turn = turn;
        }

        @Override
        public void handlerAdded(ChannelHandlerContext ctx) {
            this.ctx = ctx;
        }

        void send() {
            if (!ctx.channel().isActive()) {
                load.done.completeExceptionally(new IOException("a connection is closed"));
                return;
            }
            missing = SIZES[turn++ % SIZES.length];
            sentAt = System.nanoTime();
            ctx.writeAndFlush(ctx.alloc().directBuffer(missing, missing).writerIndex(missing), ctx.voidPromise());
        }

        @Override
        public void channelRead(ChannelHandlerContext ctx, Object msg) {
            ByteBuf in = (ByteBuf) msg;
            missing -= in.readableBytes();
            in.release();
            if (missing > 0) {
                return;
            }
            long now = System.nanoTime();
            load.latency.recordValue(now - sentAt);
            load.roundTrips++;
            if (now < load.deadline) {
                send();
            } else if (--load.busy == 0) {
                load.done.complete(null);
            }
        }

        @Override
        public void channelInactive(ChannelHandlerContext ctx) {
            load.done.completeExceptionally(new IOException("a connection was closed by the server"));
        }

        @Override
        public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
            load.done.completeExceptionally(cause);
            ctx.close();
        }
    }
}
