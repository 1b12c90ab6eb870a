/* Copyright 2026 The Netty IPC Authors. Licensed under the Apache License, Version 2.0; see LICENSE. */
package io.nettyipc.benchmarks.workload;

import io.grpc.CallOptions;
import io.grpc.ManagedChannel;
import io.grpc.stub.ClientCalls;
import io.grpc.stub.StreamObserver;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/** Calls whose server streams messages to the client as fast as gRPC takes them; each slice is one call. */
final class GrpcServerStreaming extends Grpc {
    private final int size;
    private final GrpcThreads threads;

    GrpcServerStreaming(int size, GrpcThreads threads) {
        super(threads);
        this.size = size;
        this.threads = threads;
    }

    @Override
    public String id() {
        return (threads == GrpcThreads.POOL ? "grpc-server-stream-" : "grpc-direct-stream-") + Workloads.sizeId(size);
    }

    @Override
    public String title() {
        return "gRPC server streaming, " + Workloads.sizeTitle(size)
                + (threads == GrpcThreads.POOL ? "" : ", directExecutor");
    }

    @Override
    public List<Measure> measures() {
        return List.of(Measure.BYTES, Measure.OPERATIONS);
    }

    @Override
    protected Session open(ManagedChannel channel) {
        return new Streams(channel, size);
    }

    private static final class Streams implements Session {
        private final ManagedChannel channel;
        private final int size;
        private long messages;
        private long nanos;

        Streams(ManagedChannel channel, int size) {
            this.channel = channel;
            this.size = size;
        }

        @Override
        public long run(long duration) throws IOException, InterruptedException {
            long start = System.nanoTime();
            Receiver receiver = new Receiver(size);
            byte[] request = ByteBuffer.allocate(2 * Long.BYTES)
                    .putLong(duration)
                    .putLong(size)
                    .array();
            ClientCalls.asyncServerStreamingCall(
                    channel.newCall(GrpcService.SEND, CallOptions.DEFAULT), request, receiver);
            Exchange.await(receiver.done);
            nanos += System.nanoTime() - start;
            messages += receiver.received;
            return receiver.received;
        }

        @Override
        public void reset() {
            messages = 0;
            nanos = 0;
        }

        @Override
        public void record(Figures figures) {
            figures.put(Measure.BYTES, messages * (double) size / nanos * 1e3);
            figures.put(Measure.OPERATIONS, messages * 1e9 / nanos);
        }

        @Override
        public void close() throws InterruptedException {
            channel.shutdownNow().awaitTermination(5, TimeUnit.SECONDS);
        }
    }

    /** gRPC calls it on one thread at a time. */
    private static final class Receiver implements StreamObserver<byte[]> {
        private final CompletableFuture<Void> done = new CompletableFuture<>();
        private final int size;
        private long received;
        private long counted;

        Receiver(int size) {
            this.size = size;
        }

        @Override
        public void onNext(byte[] message) {
            if (message.length == size) {
                received++;
            } else {
                counted = ByteBuffer.wrap(message).getLong();
            }
        }

        @Override
        public void onError(Throwable cause) {
            done.completeExceptionally(cause);
        }

        @Override
        public void onCompleted() {
            if (counted == received * size) {
                done.complete(null);
            } else {
                done.completeExceptionally(
                        new IOException("received " + received * size + " bytes and the server sent " + counted));
            }
        }
    }
}
