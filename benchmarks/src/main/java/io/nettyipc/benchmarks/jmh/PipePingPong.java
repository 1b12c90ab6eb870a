/* Copyright 2026 The Netty IPC Authors. Licensed under the Apache License, Version 2.0; see LICENSE. */
package io.nettyipc.benchmarks.jmh;

import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.nettyipc.benchmarks.contender.Contenders;
import io.nettyipc.benchmarks.transport.Addresses;
import io.nettyipc.benchmarks.transport.Loop;
import io.nettyipc.benchmarks.transport.NettyTransport;
import java.io.IOException;
import java.net.SocketAddress;
import java.util.concurrent.Semaphore;
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
 * A 64-byte message there and back through two pipelines on two event loops of one process. With {@code -prof gc} it
 * shows how many heap bytes a round trip allocates.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(value = 1, jvmArgsAppend = "--enable-native-access=ALL-UNNAMED")
public class PipePingPong {
    private static final int SIZE = 64;
    /** Round trips per invocation: the benchmark's thread starts and awaits them, the event loops do the rest. */
    private static final int ROUND_TRIPS = 1000;

    /** See {@link Contenders#all()}. */
    @Param({"tcp-nio", "pipe"})
    public String contender;

    private Loop serverLoop;
    private Loop clientLoop;
    private Channel client;
    private Ping ping;

    /** Connects. */
    @Setup
    public void connect() throws IOException, InterruptedException {
        NettyTransport transport = Contenders.nettyById(contender);
        serverLoop = Loop.open(transport);
        clientLoop = Loop.open(transport);
        String name = "nettyipc-jmh-" + ProcessHandle.current().pid();
        Channel listener = serverLoop.bind(transport.addresses().at(name, 0), new Echo());
        SocketAddress address = transport.addresses().at(name, Addresses.portOf(listener.localAddress()));
        ping = new Ping();
        client = clientLoop.connect(address, ping);
    }

    /** Closes both ends. */
    @TearDown
    public void close() {
        clientLoop.close();
        serverLoop.close();
    }

    /** The round trips, one after the other. */
    @Benchmark
    @OperationsPerInvocation(ROUND_TRIPS)
    public void roundTrip() throws InterruptedException {
        client.eventLoop().execute(ping);
        ping.done.acquire();
    }

    private static final class Ping extends ChannelInboundHandlerAdapter implements Runnable {
        private final Semaphore done = new Semaphore(0);
        private ChannelHandlerContext ctx;
        private int outstanding;
        private int received;

        @Override
        public void handlerAdded(ChannelHandlerContext ctx) {
            this.ctx = ctx;
        }

        @Override
        public void run() {
            outstanding = ROUND_TRIPS;
            send();
        }

        private void send() {
            ctx.writeAndFlush(ctx.alloc().directBuffer(SIZE).writeZero(SIZE), ctx.voidPromise());
        }

        @Override
        public void channelRead(ChannelHandlerContext ctx, Object msg) {
            ByteBuf in = (ByteBuf) msg;
            received += in.readableBytes();
            in.release();
            if (received == SIZE) {
                received = 0;
                if (--outstanding == 0) {
                    done.release();
                } else {
                    send();
                }
            }
        }
    }

    private static final class Echo extends ChannelInboundHandlerAdapter {
        @Override
        public void channelRead(ChannelHandlerContext ctx, Object msg) {
            ctx.writeAndFlush(msg, ctx.voidPromise());
        }
    }
}
