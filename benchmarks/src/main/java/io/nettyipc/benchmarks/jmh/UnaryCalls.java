/* Copyright 2026 The Netty IPC Authors. Licensed under the Apache License, Version 2.0; see LICENSE. */
package io.nettyipc.benchmarks.jmh;

import io.grpc.CallOptions;
import io.grpc.ManagedChannel;
import io.grpc.Server;
import io.grpc.stub.ClientCalls;
import io.grpc.stub.StreamObserver;
import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelInitializer;
import io.netty.util.concurrent.Future;
import io.netty.util.concurrent.FutureListener;
import io.nettyipc.benchmarks.contender.Contenders;
import io.nettyipc.benchmarks.transport.Addresses;
import io.nettyipc.benchmarks.transport.Loop;
import io.nettyipc.benchmarks.transport.NettyTransport;
import io.nettyipc.benchmarks.workload.GrpcService;
import io.nettyipc.codec.call.CallClientHandler;
import io.nettyipc.codec.call.CallServerHandler;
import io.nettyipc.codec.call.CallService;
import io.nettyipc.grpc.LocalGrpc;
import java.io.IOException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
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
 * Calls with 100 bytes each way per second, by gRPC and by {@code io.nettyipc.codec.call}, over one connection between
 * two event loops of one process. Both run their callbacks on the event loops (gRPC's {@code directExecutor}).
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.SECONDS)
@Warmup(iterations = 4, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(value = 1, jvmArgsAppend = "--enable-native-access=ALL-UNNAMED")
public class UnaryCalls {
    private static final int SIZE = 100;
    /** Calls per invocation: the benchmark's thread starts the first and awaits the last. */
    private static final int CALLS = 2_000;

    /** See {@link Contenders#all()}. */
    @Param({"tcp-epoll", "shm-adaptive"})
    public String contender;

    /** The protocol. */
    @Param({"grpc", "calls"})
    public String protocol;

    /** How many calls run at once. */
    @Param({"1", "100"})
    public int inFlight;

    private Loop serverLoop;
    private Loop clientLoop;
    private Caller caller;

    /** Connects. */
    @Setup
    public void connect() throws Exception {
        NettyTransport transport = Contenders.nettyById(contender);
        serverLoop = Loop.open(transport);
        clientLoop = Loop.open(transport);
        String name = "nettyipc-jmh-" + ProcessHandle.current().pid();
        caller = protocol.equals("grpc")
                ? new GrpcCaller(transport, serverLoop, clientLoop, name)
                : new HandlerCaller(transport, serverLoop, clientLoop, name);
    }

    /** Closes both ends. */
    @TearDown
    public void close() throws InterruptedException {
        caller.close();
        clientLoop.close();
        serverLoop.close();
    }

    /** The calls, of which so many run at once. */
    @Benchmark
    @OperationsPerInvocation(CALLS)
    public void call() throws InterruptedException {
        caller.run(inFlight);
    }

    /** Makes the next call when one is answered. */
    private abstract static class Caller {
        private final Semaphore done = new Semaphore(0);
        private final AtomicInteger started = new AtomicInteger();
        private final AtomicInteger answered = new AtomicInteger();

        abstract void start();

        abstract void close() throws InterruptedException;

        final void run(int inFlight) throws InterruptedException {
            started.set(inFlight);
            answered.set(0);
            for (int i = 0; i < inFlight; i++) {
                start();
            }
            done.acquire();
        }

        final void answered(int length) {
            if (length != SIZE) {
                throw new IllegalStateException("an answer of " + length + " bytes");
            }
            if (started.getAndIncrement() < CALLS) {
                start();
            }
            if (answered.incrementAndGet() == CALLS) {
                done.release();
            }
        }
    }

    private static final class HandlerCaller extends Caller implements FutureListener<ByteBuf> {
        private final CallClientHandler client = new CallClientHandler();
        private final Channel channel;

        HandlerCaller(NettyTransport transport, Loop serverLoop, Loop clientLoop, String name)
                throws IOException, InterruptedException {
            CallService echo = CallService.unary((call, request) -> call.end(request));
            Channel listener = serverLoop.bind(transport.addresses().at(name, 0), new ChannelInitializer<>() {
                @Override
                protected void initChannel(Channel accepted) {
                    accepted.pipeline().addLast(new CallServerHandler(method -> echo));
                }
            });
            int port = Addresses.portOf(listener.localAddress());
            channel = clientLoop.connect(transport.addresses().at(name, port), client);
        }

        @Override
        void start() {
            ByteBuf request = channel.alloc().directBuffer(SIZE).writeZero(SIZE);
            client.call(1, request).addListener(this);
        }

        @Override
        public void operationComplete(Future<ByteBuf> response) {
            ByteBuf message = response.getNow();
            int length = message.readableBytes();
            message.release();
            answered(length);
        }

        @Override
        void close() {
            // With its loop.
        }
    }

    private static final class GrpcCaller extends Caller implements StreamObserver<byte[]> {
        private final byte[] request = new byte[SIZE];
        private final Server server;
        private final ManagedChannel channel;

        GrpcCaller(NettyTransport transport, Loop serverLoop, Loop clientLoop, String name) throws IOException {
            server = LocalGrpc.serverBuilder(
                            serverLoop.group(),
                            transport.serverChannel(),
                            transport.addresses().at(name, 0))
                    .directExecutor()
                    .addService(GrpcService.definition())
                    .build()
                    .start();
            int port = Addresses.portOf(server.getListenSockets().get(0));
            channel = LocalGrpc.channelBuilder(
                            clientLoop.group(),
                            transport.clientChannel(),
                            transport.addresses().at(name, port))
                    .directExecutor()
                    .usePlaintext()
                    .build();
        }

        @Override
        void start() {
            ClientCalls.asyncUnaryCall(channel.newCall(GrpcService.ECHO, CallOptions.DEFAULT), request, this);
        }

        @Override
        public void onNext(byte[] message) {
            answered(message.length);
        }

        @Override
        public void onError(Throwable cause) {
            throw new IllegalStateException(cause);
        }

        @Override
        public void onCompleted() {
            // The message was all.
        }

        @Override
        void close() throws InterruptedException {
            channel.shutdownNow().awaitTermination(5, TimeUnit.SECONDS);
            server.shutdownNow().awaitTermination(5, TimeUnit.SECONDS);
        }
    }
}
