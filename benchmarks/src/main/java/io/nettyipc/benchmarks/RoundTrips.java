/* Copyright 2026 The Netty IPC Authors. Licensed under the Apache License, Version 2.0; see LICENSE. */
package io.nettyipc.benchmarks;

import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelPipeline;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import org.HdrHistogram.Histogram;

/**
 * Request and response of 64 bytes each, one at a time. The handlers allocate nothing but pooled buffers, so that heap
 * bytes per message are the transport's.
 */
final class RoundTrips implements Workload {
    private static final int SIZE = 64;
    private static final long SLICE_MILLIS = 40;

    @Override
    public String title() {
        return "64 B round trips";
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
    public int slices() {
        return 10;
    }

    @Override
    public List<Metric> costs() {
        return Metric.ROUND_TRIP_COSTS;
    }

    @Override
    public Session open(Channel channel) {
        Ping ping = new Ping(channel);
        channel.pipeline().addLast(ping);
        return ping;
    }

    private static final class Ping extends Exchange implements Session {
        private final Histogram latency = new Histogram(60_000_000_000L, 3);
        private final Channel channel;
        private int received;
        private long answered;
        private long sequence;
        private long sentAt;
        private long deadline;

        Ping(Channel channel) {
            this.channel = channel;
        }

        @Override
        public long run() throws IOException, InterruptedException {
            long before = latency.getTotalCount();
            run(channel, SLICE_MILLIS);
            return latency.getTotalCount() - before;
        }

        @Override
        public void reset() {
            latency.reset();
        }

        @Override
        public void record(Map<Metric, Double> figures) {
            figures.put(Metric.ROUND_TRIP_P50, latency.getValueAtPercentile(50) / 1e3);
            figures.put(Metric.ROUND_TRIP_P99, latency.getValueAtPercentile(99) / 1e3);
        }

        @Override
        protected void begin(ChannelHandlerContext ctx, long durationNanos) {
            deadline = System.nanoTime() + durationNanos;
            send(ctx, System.nanoTime());
        }

        private void send(ChannelHandlerContext ctx, long now) {
            ByteBuf request =
                    ctx.alloc().directBuffer(SIZE).writeLong(++sequence).writeZero(SIZE - Long.BYTES);
            sentAt = now;
            ctx.writeAndFlush(request, ctx.voidPromise());
        }

        @Override
        public void channelRead(ChannelHandlerContext ctx, Object msg) {
            ByteBuf in = (ByteBuf) msg;
            while (received < Long.BYTES && in.isReadable()) {
                answered = (answered << 8) | in.readUnsignedByte();
                received++;
            }
            received += in.readableBytes();
            in.release();
            if (received < SIZE) {
                return;
            }
            received = 0;
            long now = System.nanoTime();
            if (answered != sequence) {
                fail(new IOException("sent message " + sequence + " and received " + answered));
                return;
            }
            latency.recordValue(now - sentAt);
            if (now >= deadline) {
                succeed();
            } else {
                // The clock is read again: what this handler itself does is not the transport's time.
                send(ctx, System.nanoTime());
            }
        }
    }
}
