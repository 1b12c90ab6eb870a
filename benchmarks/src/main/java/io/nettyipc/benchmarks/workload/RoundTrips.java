/* Copyright 2026 The Netty IPC Authors. Licensed under the Apache License, Version 2.0; see LICENSE. */
package io.nettyipc.benchmarks.workload;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPipeline;
import io.nettyipc.benchmarks.transport.NettyClient;
import java.io.IOException;
import java.util.List;
import org.HdrHistogram.Histogram;

/**
 * Request and response of one size, one at a time: a closed loop. The handlers allocate nothing but pooled buffers, so
 * that heap bytes per message are the transport's.
 */
public final class RoundTrips implements Workload {
    private final int size;

    RoundTrips(int size) {
        this.size = size;
    }

    public int size() {
        return size;
    }

    @Override
    public String id() {
        return "round-trip-" + Workloads.sizeId(size);
    }

    @Override
    public String title() {
        return Workloads.sizeTitle(size) + " round trip";
    }

    @Override
    public List<Measure> measures() {
        return List.of(Measure.P50, Measure.P99, Measure.MEAN);
    }

    @Override
    public void initServer(ChannelPipeline pipeline) {
        pipeline.addLast(new EchoMessages(size));
    }

    @Override
    public Session open(NettyClient client, int index) throws InterruptedException {
        Ping ping = new Ping(size);
        client.connect(index, ping);
        return ping;
    }

    private static final class Ping extends Exchange {
        private final Histogram latency = Latencies.newHistogram();
        private final int size;
        private int received;
        private long answered;
        private long sequence;
        private long roundTrips;
        private long sentAt;
        private long deadline;

        Ping(int size) {
            this.size = size;
        }

        @Override
        protected long operations() {
            return roundTrips;
        }

        @Override
        public void reset() {
            latency.reset();
        }

        @Override
        public void record(Figures figures) {
            figures.putLatency(latency);
        }

        @Override
        protected void begin(ChannelHandlerContext ctx, long durationNanos) {
            roundTrips = 0;
            deadline = System.nanoTime() + durationNanos;
            send(ctx);
        }

        private void send(ChannelHandlerContext ctx) {
            // The rest of the buffer is whatever was there.
            ByteBuf request =
                    ctx.alloc().directBuffer(size, size).setLong(0, ++sequence).writerIndex(size);
            // The clock is read again: what this handler itself does is not the transport's time.
            sentAt = System.nanoTime();
            ctx.writeAndFlush(request, ctx.voidPromise());
        }

        @Override
        public void channelRead(ChannelHandlerContext ctx, Object msg) {
            ByteBuf in = (ByteBuf) msg;
            if (received == 0 && in.isReadable(Long.BYTES)) {
                answered = in.readLong();
                received = Long.BYTES;
            }
            while (received < Long.BYTES && in.isReadable()) {
                answered = (answered << 8) | in.readUnsignedByte();
                received++;
            }
            received += in.readableBytes();
            in.release();
            if (received < size) {
                return;
            }
            received = 0;
            long now = System.nanoTime();
            if (answered != sequence) {
                fail(new IOException("sent message " + sequence + " and received " + answered));
                return;
            }
            roundTrips++;
            latency.recordValue(now - sentAt);
            if (now >= deadline) {
                succeed();
            } else {
                send(ctx);
            }
        }
    }
}
