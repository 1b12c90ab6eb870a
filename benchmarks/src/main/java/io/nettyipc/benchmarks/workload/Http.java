/* Copyright 2026 The Netty IPC Authors. Licensed under the Apache License, Version 2.0; see LICENSE. */
package io.nettyipc.benchmarks.workload;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPipeline;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.handler.codec.http.DefaultFullHttpRequest;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.FullHttpRequest;
import io.netty.handler.codec.http.FullHttpResponse;
import io.netty.handler.codec.http.HttpClientCodec;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpObjectAggregator;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpServerCodec;
import io.netty.handler.codec.http.HttpVersion;
import io.nettyipc.benchmarks.transport.NettyClient;
import java.io.IOException;
import java.util.List;
import org.HdrHistogram.Histogram;

/** {@code GET} requests over one HTTP/1.1 connection, one at a time, each answered with 1 KiB. */
final class Http implements Workload {
    private static final int BODY = 1024;
    private static final int MAX_CONTENT = 64 * 1024;

    @Override
    public String id() {
        return "http";
    }

    @Override
    public String title() {
        return "HTTP/1.1 GET of 1 KiB";
    }

    @Override
    public List<Measure> measures() {
        return List.of(Measure.P50, Measure.P99);
    }

    @Override
    public void initServer(ChannelPipeline pipeline) {
        pipeline.addLast(new HttpServerCodec(), new HttpObjectAggregator(MAX_CONTENT), new Answer());
    }

    @Override
    public Session open(NettyClient client, int index) throws InterruptedException {
        Get get = new Get();
        client.connect(index, new HttpClientCodec(), new HttpObjectAggregator(MAX_CONTENT), get);
        return get;
    }

    private static final class Answer extends SimpleChannelInboundHandler<FullHttpRequest> {
        @Override
        protected void channelRead0(ChannelHandlerContext ctx, FullHttpRequest request) {
            ByteBuf body = ctx.alloc().directBuffer(BODY, BODY).writerIndex(BODY);
            FullHttpResponse response = new DefaultFullHttpResponse(HttpVersion.HTTP_1_1, HttpResponseStatus.OK, body);
            response.headers().setInt(HttpHeaderNames.CONTENT_LENGTH, BODY);
            ctx.writeAndFlush(response, ctx.voidPromise());
        }
    }

    private static final class Get extends Exchange {
        private final Histogram latency = Latencies.newHistogram();
        private long deadline;
        private long sentAt;
        private long requests;

        @Override
        protected void begin(ChannelHandlerContext ctx, long durationNanos) {
            deadline = System.nanoTime() + durationNanos;
            requests = 0;
            send(ctx);
        }

        private void send(ChannelHandlerContext ctx) {
            sentAt = System.nanoTime();
            FullHttpRequest request = new DefaultFullHttpRequest(HttpVersion.HTTP_1_1, HttpMethod.GET, "/orders/1");
            request.headers().set(HttpHeaderNames.HOST, "localhost");
            ctx.writeAndFlush(request, ctx.voidPromise());
        }

        @Override
        public void channelRead(ChannelHandlerContext ctx, Object msg) {
            FullHttpResponse response = (FullHttpResponse) msg;
            int length = response.content().readableBytes();
            HttpResponseStatus status = response.status();
            response.release();
            long now = System.nanoTime();
            if (length != BODY || !status.equals(HttpResponseStatus.OK)) {
                fail(new IOException("an answer of " + length + " bytes with status " + status));
                return;
            }
            latency.recordValue(now - sentAt);
            requests++;
            if (now >= deadline) {
                succeed();
            } else {
                send(ctx);
            }
        }

        @Override
        protected long operations() {
            return requests;
        }

        @Override
        public void reset() {
            latency.reset();
        }

        @Override
        public void record(Figures figures) {
            figures.putLatency(latency);
        }
    }
}
