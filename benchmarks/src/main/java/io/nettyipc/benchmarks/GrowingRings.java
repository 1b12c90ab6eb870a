/* Copyright 2026 The Netty IPC Authors. Licensed under the Apache License, Version 2.0; see LICENSE. */
package io.nettyipc.benchmarks;

import io.netty.bootstrap.Bootstrap;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.handler.codec.ByteToMessageDecoder;
import io.nettyipc.benchmarks.process.JavaProcess;
import io.nettyipc.benchmarks.workload.Latencies;
import io.nettyipc.shm.Shm;
import io.nettyipc.shm.ShmAddress;
import io.nettyipc.shm.ShmChannel;
import io.nettyipc.shm.ShmServerChannel;
import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.HdrHistogram.Histogram;

/**
 * What messages wait for where the rings of a connection grow: their latency in fresh connections, one after the other,
 * between two processes. A message of 40 KiB fills the 32 KiB that a ring begins with, and so does a stream of messages
 * of 1 KiB; the ring's memory is taken while its first 256 KiB are written. {@code mvn -q -pl benchmarks -am compile
 * -Dbenchmark=GrowingRings}, with {@code -Dargs=CONNECTIONS}.
 */
public final class GrowingRings {

    private static final int LARGE = 40 << 10;
    private static final int SMALL = 1 << 10;
    /** So many follow each other, of which the first ones meet memory that nobody has used yet. */
    private static final int MESSAGES = 2000;

    private static final int SETTLE_MILLIS = 2;

    private GrowingRings() {}

    /** The argument is the number of connections. */
    public static void main(String[] args) throws Exception {
        if (args.length == 2) {
            serve(args[1]);
            return;
        }
        int connections = args.length > 0 ? Integer.parseInt(args[0]) : 400;
        String name = "growing-" + ProcessHandle.current().pid();
        Process server =
                JavaProcess.start(List.of(), System.getProperty("java.class.path"), GrowingRings.class, "server", name);
        try {
            BufferedReader out =
                    new BufferedReader(new InputStreamReader(server.getInputStream(), StandardCharsets.UTF_8));
            System.out.println(out.readLine());
            EventLoopGroup group = new MultiThreadIoEventLoopGroup(1, Shm.newIoHandlerFactory());
            for (boolean stream : new boolean[] {false, true}) {
                // First for the compilers.
                measure(group, name, connections / 4, stream);
                System.out.println(stream ? "messages of 1 KiB one way, us" : "round trips of 40 KiB, us");
                Results results = measure(group, name, connections, stream);
                results.print();
            }
            group.shutdownGracefully(0, 5, TimeUnit.SECONDS).sync();
        } finally {
            JavaProcess.end(server);
        }
    }

    private static Results measure(EventLoopGroup group, String name, int connections, boolean stream)
            throws Exception {
        Results results = new Results(stream ? SMALL : LARGE);
        for (int i = 0; i < connections; i++) {
            CompletableFuture<Void> done = new CompletableFuture<>();
            Channel channel = new Bootstrap()
                    .group(group)
                    .channel(ShmChannel.class)
                    .handler(stream ? new Sender(results, done) : new Caller(results, done))
                    .connect(ShmAddress.of(name))
                    .sync()
                    .channel();
            done.get(60, TimeUnit.SECONDS);
            channel.close().sync();
        }
        return results;
    }

    private static void serve(String name) throws Exception {
        new ServerBootstrap()
                .group(new MultiThreadIoEventLoopGroup(1, Shm.newIoHandlerFactory()))
                .channel(ShmServerChannel.class)
                .childHandler(new ChannelInitializer<>() {
                    @Override
                    protected void initChannel(Channel channel) {
                        channel.pipeline().addLast(new Answers());
                    }
                })
                .bind(ShmAddress.of(name))
                .sync();
        System.out.println("the server listens");
    }

    /** Echoes messages, or says how long each of a stream's was on its way. The first four bytes are their length. */
    private static final class Answers extends ByteToMessageDecoder {
        private int size;
        private ByteBuf latencies;

        @Override
        protected void decode(ChannelHandlerContext ctx, ByteBuf in, List<Object> out) {
            if (size == 0) {
                if (in.readableBytes() < Integer.BYTES) {
                    return;
                }
                size = in.readInt();
            }
            if (in.readableBytes() < size) {
                return;
            }
            if (size == LARGE) {
                ctx.writeAndFlush(in.readRetainedSlice(size), ctx.voidPromise());
                return;
            }
            if (latencies == null) {
                latencies = ctx.alloc().directBuffer(MESSAGES * Long.BYTES);
            }
            // Both processes have the same clock.
            latencies.writeLong(System.nanoTime() - in.getLong(in.readerIndex()));
            in.skipBytes(size);
            if (latencies.readableBytes() == MESSAGES * Long.BYTES) {
                ctx.writeAndFlush(latencies, ctx.voidPromise());
                latencies = null;
            }
        }
    }

    /** Begins when both loops have nothing to do with connecting any more. */
    private abstract static class Exchange extends ByteToMessageDecoder {
        final Results results;
        private final CompletableFuture<Void> done;

        Exchange(Results results, CompletableFuture<Void> done) {
            this.results = results;
            this.done = done;
        }

        abstract void send(ChannelHandlerContext ctx);

        @Override
        public void channelActive(ChannelHandlerContext ctx) {
            ctx.executor()
                    .schedule(
                            () -> {
                                ctx.write(
                                        ctx.alloc().directBuffer(Integer.BYTES).writeInt(results.size));
                                send(ctx);
                            },
                            SETTLE_MILLIS,
                            TimeUnit.MILLISECONDS);
        }

        ByteBuf message(ChannelHandlerContext ctx) {
            return ctx.alloc()
                    .directBuffer(results.size, results.size)
                    .setLong(0, System.nanoTime())
                    .writerIndex(results.size);
        }

        void succeed() {
            done.complete(null);
        }

        @Override
        public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
            done.completeExceptionally(cause);
        }
    }

    /** Sends a message when the last one has come back. */
    private static final class Caller extends Exchange {
        private int calls;

        Caller(Results results, CompletableFuture<Void> done) {
            super(results, done);
        }

        @Override
        void send(ChannelHandlerContext ctx) {
            ctx.writeAndFlush(message(ctx), ctx.voidPromise());
        }

        @Override
        protected void decode(ChannelHandlerContext ctx, ByteBuf in, List<Object> out) {
            if (in.readableBytes() < LARGE) {
                return;
            }
            results.add(calls++, System.nanoTime() - in.getLong(in.readerIndex()));
            in.skipBytes(LARGE);
            if (calls == MESSAGES) {
                succeed();
            } else {
                send(ctx);
            }
        }
    }

    /** Sends as many messages as the channel takes. */
    private static final class Sender extends Exchange {
        private int sent;
        private int answered;

        Sender(Results results, CompletableFuture<Void> done) {
            super(results, done);
        }

        @Override
        void send(ChannelHandlerContext ctx) {
            while (sent < MESSAGES && ctx.channel().isWritable()) {
                sent++;
                ctx.writeAndFlush(message(ctx), ctx.voidPromise());
            }
        }

        @Override
        public void channelWritabilityChanged(ChannelHandlerContext ctx) {
            send(ctx);
        }

        @Override
        protected void decode(ChannelHandlerContext ctx, ByteBuf in, List<Object> out) {
            while (in.readableBytes() >= Long.BYTES) {
                results.add(answered++, in.readLong());
            }
            if (answered == MESSAGES) {
                succeed();
            }
        }
    }

    /** Latencies by the number of a message in its connection. The first one is apart: it wakes both event loops. */
    private static final class Results {
        private static final int SINGLE = 8;

        final int size;
        private final List<Histogram> single = new ArrayList<>();
        private final Histogram first = Latencies.newHistogram();
        private final Histogram second = Latencies.newHistogram();

        Results(int size) {
            this.size = size;
            for (int i = 0; i < SINGLE; i++) {
                single.add(Latencies.newHistogram());
            }
        }

        void add(int number, long nanos) {
            if (number < SINGLE) {
                single.get(number).recordValue(nanos);
            }
            if (number > 0) {
                (number < MESSAGES / 2 ? first : second).recordValue(nanos);
            }
        }

        void print() {
            System.out.println("                  50 %       99 %     99.9 %    99.99 %    highest");
            if (size == LARGE) {
                for (int i = 0; i < SINGLE; i++) {
                    print("number " + (i + 1), single.get(i));
                }
            }
            print("first half", first);
            print("second half", second);
        }

        private static void print(String what, Histogram latency) {
            System.out.printf(
                    "%-11s %10.1f %10.1f %10.1f %10.1f %10.1f%n",
                    what,
                    latency.getValueAtPercentile(50) / 1e3,
                    latency.getValueAtPercentile(99) / 1e3,
                    latency.getValueAtPercentile(99.9) / 1e3,
                    latency.getValueAtPercentile(99.99) / 1e3,
                    latency.getMaxValue() / 1e3);
        }
    }
}
