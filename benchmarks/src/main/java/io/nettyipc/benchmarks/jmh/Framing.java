/* Copyright 2026 The Netty IPC Authors. Licensed under the Apache License, Version 2.0; see LICENSE. */
package io.nettyipc.benchmarks.jmh;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.PooledByteBufAllocator;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelOutboundHandlerAdapter;
import io.netty.channel.ChannelPromise;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.util.concurrent.DefaultThreadFactory;
import io.nettyipc.codec.ContentLengthFrameDecoder;
import io.nettyipc.codec.ContentLengthFrameEncoder;
import io.nettyipc.codec.GrpcMessageDecoder;
import io.nettyipc.codec.GrpcMessageEncoder;
import io.nettyipc.codec.LengthField;
import io.nettyipc.codec.LengthPrefixedFrameDecoder;
import io.nettyipc.codec.LengthPrefixedFrameEncoder;
import io.nettyipc.codec.VarintFrameDecoder;
import io.nettyipc.codec.VarintFrameEncoder;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/**
 * Frames of 100 bytes through a pipeline with one codec and no transport, in one thread: frames per second each way.
 * With {@code -prof gc} it shows how many heap bytes a frame allocates; pooled buffers allocate none.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.SECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(
        value = 1,
        jvmArgsAppend = {
            "-Djmh.executor=CUSTOM",
            "-Djmh.executor.class=io.nettyipc.benchmarks.jmh.Framing$NettyThreads",
            "-Dio.netty.leakDetection.level=disabled"
        })
public class Framing {
    private static final int SIZE = 100;
    /** Frames in one read. */
    private static final int FRAMES = 100;

    /** The codec. */
    @Param({"uint32", "grpc", "varint", "content-length"})
    public String codec;

    private EmbeddedChannel channel;
    private ChannelHandlerContext tail;
    private ByteBuf body;
    private ByteBuf stream;

    /** Encodes what is decoded later. */
    @Setup
    public void open() {
        body = PooledByteBufAllocator.DEFAULT.directBuffer(SIZE).writeZero(SIZE);
        EmbeddedChannel encoding = new EmbeddedChannel(encoder());
        stream = PooledByteBufAllocator.DEFAULT.directBuffer();
        for (int i = 0; i < FRAMES; i++) {
            encoding.writeOutbound(body.retainedDuplicate());
        }
        for (ByteBuf part = encoding.readOutbound(); part != null; part = encoding.readOutbound()) {
            stream.writeBytes(part);
            part.release();
        }
        encoding.finish();
        Last last = new Last();
        channel = new EmbeddedChannel(new Sink(), encoder(), decoder(), last);
        channel.config().setAllocator(PooledByteBufAllocator.DEFAULT);
        tail = channel.pipeline().context(last);
    }

    /** Releases the buffers. */
    @TearDown
    public void close() {
        channel.finish();
        body.release();
        stream.release();
    }

    private ChannelHandler encoder() {
        return switch (codec) {
            case "uint32" -> new LengthPrefixedFrameEncoder(LengthField.UINT32, 1024);
            case "grpc" -> new GrpcMessageEncoder(1024);
            case "varint" -> new VarintFrameEncoder(1024);
            default -> new ContentLengthFrameEncoder();
        };
    }

    private ChannelHandler decoder() {
        return switch (codec) {
            case "uint32" -> new LengthPrefixedFrameDecoder(LengthField.UINT32, 1024);
            case "grpc" -> new GrpcMessageDecoder(1024);
            case "varint" -> new VarintFrameDecoder(1024);
            default -> new ContentLengthFrameDecoder(1024);
        };
    }

    /** Encodes frames one by one with the void promise. */
    @Benchmark
    @OperationsPerInvocation(FRAMES)
    public void encode() {
        for (int i = 0; i < FRAMES; i++) {
            tail.write(body.retain(), channel.voidPromise());
        }
    }

    /** Encodes frames one by one with a promise of their own, which is allocated. */
    @Benchmark
    @OperationsPerInvocation(FRAMES)
    public void encodeWithPromise() {
        for (int i = 0; i < FRAMES; i++) {
            tail.write(body.retain());
        }
    }

    /** Decodes the frames of one read. */
    @Benchmark
    @OperationsPerInvocation(FRAMES)
    public void decode() {
        channel.pipeline().fireChannelRead(stream.retainedDuplicate());
    }

    /** Threads as event loops have them: Netty recycles its buffers' objects on no others. */
    public static final class NettyThreads extends ThreadPoolExecutor {
        /** For JMH. */
        public NettyThreads(int threads, String name) {
            super(threads, threads, 1, TimeUnit.MINUTES, new LinkedBlockingQueue<>(), new DefaultThreadFactory(name));
        }
    }

    /** In place of the transport. */
    private static final class Sink extends ChannelOutboundHandlerAdapter {
        @Override
        public void write(ChannelHandlerContext ctx, Object msg, ChannelPromise promise) {
            ((ByteBuf) msg).release();
            if (!promise.isVoid()) {
                promise.setSuccess();
            }
        }
    }

    private static final class Last extends ChannelInboundHandlerAdapter {
        @Override
        public void channelRead(ChannelHandlerContext ctx, Object msg) {
            ((ByteBuf) msg).release();
        }
    }
}
