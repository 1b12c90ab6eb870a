/* Copyright 2026 The Netty IPC Authors. Licensed under the Apache License, Version 2.0; see LICENSE. */
package io.nettyipc.benchmarks.workload;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPipeline;
import io.netty.util.concurrent.Future;
import io.netty.util.concurrent.FutureListener;
import io.nettyipc.benchmarks.transport.NettyClient;
import io.nettyipc.codec.call.CallClientHandler;
import io.nettyipc.codec.call.CallServerHandler;
import io.nettyipc.codec.call.CallService;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** Unary calls of codec-message by one caller, one at a time, with as many bytes in the answer as in the request. */
final class Calls implements Workload {
    private static final CallService ECHO = CallService.unary((call, request) -> call.end(request));

    private final int size;

    Calls(int size) {
        this.size = size;
    }

    @Override
    public String id() {
        return "calls-" + Workloads.sizeId(size);
    }

    @Override
    public String title() {
        return "codec-message's unary call, " + Workloads.sizeTitle(size);
    }

    @Override
    public List<Measure> measures() {
        return List.of(Measure.OPERATIONS, Measure.P50, Measure.P99);
    }

    @Override
    public void initServer(ChannelPipeline pipeline) {
        pipeline.addLast(new CallServerHandler(method -> ECHO));
    }

    @Override
    public Session open(NettyClient client, int index) throws InterruptedException {
        Caller caller = new Caller(size);
        client.connect(index, caller.handler, caller);
        return caller;
    }

    /** Each answer starts the next call. */
    private static final class Caller extends Exchange implements FutureListener<ByteBuf> {
        private final CallClientHandler handler = new CallClientHandler();
        private final CallFigures figures;
        private final int size;
        private ChannelHandlerContext ctx;
        private long calls;
        private long begin;
        private long deadline;
        private long start;

        Caller(int size) {
            this.size = size;
            figures = new CallFigures(size);
        }

        @Override
        protected void begin(ChannelHandlerContext ctx, long durationNanos) {
            this.ctx = ctx;
            calls = 0;
            begin = System.nanoTime();
            deadline = begin + durationNanos;
            call();
        }

        private void call() {
            // Whatever was in the buffer: filling it would be measured too.
            ByteBuf request = ctx.alloc().directBuffer(size, size).writerIndex(size);
            start = System.nanoTime();
            // With a deadline, as gRPC's calls here.
            handler.call(1, request, PATIENCE_SECONDS, TimeUnit.SECONDS).addListener(this);
        }

        @Override
        public void operationComplete(Future<ByteBuf> response) {
            if (!response.isSuccess()) {
                fail(response.cause());
                return;
            }
            ByteBuf answer = response.getNow();
            int length = answer.readableBytes();
            answer.release();
            try {
                long now = figures.answered(length, start);
                calls++;
                if (now < deadline) {
                    call();
                } else {
                    figures.slice(now - begin);
                    succeed();
                }
            } catch (IOException e) {
                fail(e);
            }
        }

        @Override
        protected long operations() {
            return calls;
        }

        @Override
        public void reset() {
            figures.reset();
        }

        @Override
        public void record(Figures round) {
            figures.record(round);
        }
    }
}
