/* Copyright 2026 The Netty IPC Authors. Licensed under the Apache License, Version 2.0; see LICENSE. */
package io.nettyipc.benchmarks.workload;

import io.grpc.ManagedChannel;
import io.grpc.stub.StreamObserver;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/** Calls that stream messages of one size in one direction, as fast as gRPC takes them; each slice is one call. */
abstract class GrpcStreams implements Session {
    private final ManagedChannel channel;
    private final int size;
    private long messages;
    private long nanos;

    GrpcStreams(ManagedChannel channel, int size) {
        this.channel = channel;
        this.size = size;
    }

    /** Starts a call in which messages are sent for so long; returns its observer. */
    protected abstract Count call(ManagedChannel channel, long durationNanos);

    @Override
    public final long run(long duration) throws IOException, InterruptedException {
        long start = System.nanoTime();
        Count count = call(channel, duration);
        Exchange.await(count.done);
        nanos += System.nanoTime() - start;
        messages += count.messages;
        return count.messages;
    }

    @Override
    public final void reset() {
        messages = 0;
        nanos = 0;
    }

    @Override
    public final void record(Figures figures) {
        figures.put(Measure.BYTES, messages * (double) size / nanos * 1e3);
        figures.put(Measure.OPERATIONS, messages * 1e9 / nanos);
    }

    @Override
    public final void close() throws InterruptedException {
        channel.shutdownNow().awaitTermination(5, TimeUnit.SECONDS);
    }

    /**
     * Counts the messages of a call, and checks them against the server's count. gRPC calls it on one thread at a time.
     */
    abstract static class Count implements StreamObserver<byte[]> {
        private final CompletableFuture<Void> done = new CompletableFuture<>();
        private final int size;
        private long messages;
        private long counted;

        Count(int size) {
            this.size = size;
        }

        /** One was sent, or has come. */
        protected final void message() {
            messages++;
        }

        /** The server's answer, or its last one. */
        protected final void counted(byte[] bytes) {
            counted = ByteBuffer.wrap(bytes).getLong();
        }

        @Override
        public final void onError(Throwable cause) {
            done.completeExceptionally(cause);
        }

        @Override
        public final void onCompleted() {
            if (counted == messages * size) {
                done.complete(null);
            } else {
                done.completeExceptionally(
                        new IOException(messages * size + " bytes at the client and " + counted + " at the server"));
            }
        }
    }
}
