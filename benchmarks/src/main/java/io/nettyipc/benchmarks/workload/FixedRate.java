/* Copyright 2026 The Netty IPC Authors. Licensed under the Apache License, Version 2.0; see LICENSE. */
package io.nettyipc.benchmarks.workload;

import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelPipeline;
import io.nettyipc.benchmarks.transport.NettyClient;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.HdrHistogram.Histogram;

/**
 * 64-byte requests at a fixed rate, whether or not the answers keep up: an open loop. A thread hands each request to
 * the event loop at its time, as applications do, so the wake-up of the client's own event loop is part of the latency.
 *
 * <p>The latency counts from when a request was <em>due</em>. A request that had to wait because others were late has
 * waited: leaving that out is what HdrHistogram's author calls coordinated omission. The uncorrected figure counts from
 * when the request was handed over.
 */
public final class FixedRate implements Workload {
    private static final int SIZE = 64;
    /** Sleeping is not more precise than this; the rest of the time the thread spins. */
    private static final long SLEEP_ERROR = TimeUnit.MICROSECONDS.toNanos(80);

    private final int rate;

    FixedRate(int rate) {
        this.rate = rate;
    }

    @Override
    public String id() {
        return "rate-" + rate;
    }

    @Override
    public String title() {
        return "64 B, " + rate + " requests per second";
    }

    @Override
    public List<Measure> measures() {
        return List.of(Measure.P50, Measure.P99, Measure.P999, Measure.P99_UNCORRECTED);
    }

    @Override
    public int slices() {
        return 4;
    }

    @Override
    public int sliceMillis() {
        return 100;
    }

    @Override
    public void initServer(ChannelPipeline pipeline) {
        pipeline.addLast(new EchoMessages(SIZE));
    }

    @Override
    public Session open(NettyClient client, int index) throws InterruptedException {
        Answers answers = new Answers();
        Channel channel = client.connect(index, answers);
        return new Paced(channel, answers, TimeUnit.SECONDS.toNanos(1) / rate);
    }

    /** The thread that sends. */
    private static final class Paced implements Session {
        private final Channel channel;
        private final Answers answers;
        private final long interval;

        Paced(Channel channel, Answers answers, long interval) {
            this.channel = channel;
            this.answers = answers;
            this.interval = interval;
        }

        @Override
        public long run(long nanos) throws IOException, InterruptedException {
            int requests = (int) Math.max(1, nanos / interval);
            CompletableFuture<Void> done = new CompletableFuture<>();
            channel.eventLoop().submit(() -> answers.expect(requests, done)).sync();
            long due = System.nanoTime();
            for (int i = 0; i < requests; i++) {
                due += interval;
                sleepUntil(due);
                ByteBuf request =
                        channel.alloc().directBuffer(SIZE).writeLong(due).writeLong(System.nanoTime());
                channel.writeAndFlush(request.writerIndex(SIZE), channel.voidPromise());
            }
            Exchange.await(done);
            return requests;
        }

        private static void sleepUntil(long time) {
            for (long left = time - System.nanoTime(); left > 0; left = time - System.nanoTime()) {
                if (left > SLEEP_ERROR) {
                    LockSupport.parkNanos(left - SLEEP_ERROR);
                } else {
                    Thread.onSpinWait();
                }
            }
        }

        @Override
        public void reset() {
            answers.corrected.reset();
            answers.uncorrected.reset();
        }

        @Override
        public void record(Figures figures) {
            figures.putLatency(answers.corrected);
            figures.put(Measure.P99_UNCORRECTED, answers.uncorrected.getValueAtPercentile(99) / 1e3);
        }

        @Override
        public void close() throws InterruptedException {
            channel.close().sync();
        }
    }

    /** An answer is the request: it says when that was due and when it was sent. */
    private static final class Answers extends ChannelInboundHandlerAdapter {
        private final Histogram corrected = Latencies.newHistogram();
        private final Histogram uncorrected = Latencies.newHistogram();
        private final byte[] answer = new byte[SIZE];
        private final ByteBuffer times = ByteBuffer.wrap(answer);
        private int received;
        private int missing;
        private CompletableFuture<Void> done = new CompletableFuture<>();

        void expect(int requests, CompletableFuture<Void> done) {
            missing = requests;
            this.done = done;
        }

        @Override
        public void channelRead(ChannelHandlerContext ctx, Object msg) {
            ByteBuf in = (ByteBuf) msg;
            while (in.isReadable()) {
                int n = Math.min(SIZE - received, in.readableBytes());
                in.readBytes(answer, received, n);
                received += n;
                if (received == SIZE) {
                    received = 0;
                    long now = System.nanoTime();
                    corrected.recordValue(Math.min(now - times.getLong(0), Latencies.HIGHEST));
                    uncorrected.recordValue(Math.min(now - times.getLong(Long.BYTES), Latencies.HIGHEST));
                    missing--;
                }
            }
            in.release();
            if (missing == 0) {
                done.complete(null);
            }
        }

        @Override
        public void channelInactive(ChannelHandlerContext ctx) {
            done.completeExceptionally(new IOException("the connection was closed by the server"));
        }

        @Override
        public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
            done.completeExceptionally(cause);
            ctx.close();
        }
    }
}
