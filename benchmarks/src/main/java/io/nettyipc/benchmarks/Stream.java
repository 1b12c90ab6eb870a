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

/** Writes of 64 KiB in one direction, as fast as the channel stays writable; the server answers with its count. */
final class Stream implements Workload {
    private static final int SIZE = 64 * 1024;
    private static final long SLICE_MILLIS = 40;
    private static final byte MORE = 0;
    private static final byte LAST = 1;

    @Override
    public String title() {
        return "64 KiB writes";
    }

    @Override
    public void initServer(ChannelPipeline pipeline) {
        pipeline.addLast(new Sink());
    }

    @Override
    public int slices() {
        return 10;
    }

    @Override
    public List<Metric> costs() {
        return Metric.STREAM_COSTS;
    }

    @Override
    public Session open(Channel channel) {
        Source source = new Source(channel);
        channel.pipeline().addLast(source);
        return source;
    }

    /** The first byte of each 64 KiB says whether it is the last. */
    private static final class Source extends Exchange implements Session {
        private final Channel channel;
        private boolean sending;
        private long start;
        private long duration;
        private long writes;
        private long allWrites;
        private long allNanos;

        Source(Channel channel) {
            this.channel = channel;
        }

        @Override
        public long run() throws IOException, InterruptedException {
            run(channel, SLICE_MILLIS);
            return writes;
        }

        @Override
        public void reset() {
            allWrites = 0;
            allNanos = 0;
        }

        @Override
        public void record(Map<Metric, Double> figures) {
            figures.put(Metric.STREAM_RATE, allWrites * (double) SIZE / allNanos * 1e3);
        }

        @Override
        protected void begin(ChannelHandlerContext ctx, long durationNanos) {
            writes = 0;
            duration = durationNanos;
            sending = true;
            start = System.nanoTime();
            send(ctx);
        }

        private void send(ChannelHandlerContext ctx) {
            while (sending && ctx.channel().isWritable()) {
                sending = System.nanoTime() - start < duration;
                writes++;
                // The rest of the buffer is whatever was there: filling it would be measured too.
                ByteBuf buffer = ctx.alloc().directBuffer(SIZE, SIZE).setByte(0, sending ? MORE : LAST);
                ctx.write(buffer.writerIndex(SIZE), ctx.voidPromise());
            }
            ctx.flush();
        }

        @Override
        public void channelWritabilityChanged(ChannelHandlerContext ctx) {
            send(ctx);
        }

        @Override
        public void channelRead(ChannelHandlerContext ctx, Object msg) {
            ByteBuf answer = (ByteBuf) msg;
            // The server writes its eight bytes at once into an otherwise unused direction: they arrive together.
            long counted = answer.readLong();
            answer.release();
            allNanos += System.nanoTime() - start;
            allWrites += writes;
            if (counted == writes * SIZE) {
                succeed();
            } else {
                fail(new IOException("sent " + writes * SIZE + " bytes and the server received " + counted));
            }
        }
    }

    private static final class Sink extends ChannelInboundHandlerAdapter {
        private long received;
        private boolean last;

        @Override
        public void channelRead(ChannelHandlerContext ctx, Object msg) {
            ByteBuf in = (ByteBuf) msg;
            while (in.isReadable()) {
                int offset = (int) (received % SIZE);
                if (offset == 0) {
                    last = in.getByte(in.readerIndex()) == LAST;
                }
                int n = Math.min(SIZE - offset, in.readableBytes());
                in.skipBytes(n);
                received += n;
                if (last && received % SIZE == 0) {
                    ctx.writeAndFlush(ctx.alloc().directBuffer(Long.BYTES).writeLong(received), ctx.voidPromise());
                    received = 0;
                }
            }
            in.release();
        }
    }
}
