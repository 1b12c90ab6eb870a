/* Copyright 2026 The Netty IPC Authors. Licensed under the Apache License, Version 2.0; see LICENSE. */
package io.nettyipc.benchmarks.workload;

import io.grpc.CallOptions;
import io.grpc.ManagedChannel;
import io.grpc.StatusRuntimeException;
import io.grpc.stub.ClientCalls;
import io.grpc.stub.StreamObserver;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/** Unary calls of one caller, one at a time, with as many bytes in the answer as in the request. */
final class GrpcUnary extends Grpc {
    private final int size;

    GrpcUnary(int size, GrpcThreads threads) {
        super(threads);
        this.size = size;
    }

    @Override
    public String id() {
        return (threads == GrpcThreads.POOL ? "grpc-unary-" : "grpc-direct-") + Workloads.sizeId(size);
    }

    @Override
    public String title() {
        return "gRPC unary call, " + Workloads.sizeTitle(size) + threads.title;
    }

    @Override
    public List<Measure> measures() {
        return List.of(Measure.OPERATIONS, Measure.P50, Measure.P99);
    }

    @Override
    protected Session open(ManagedChannel channel) {
        return threads == GrpcThreads.POOL ? waiting(channel, size) : new Chained(channel, size);
    }

    /** Makes the session of a thread that waits for each answer. */
    static Session waiting(ManagedChannel channel, int size) {
        return new Waiting(channel, size);
    }

    /** A thread that waits for each answer. */
    private static final class Waiting extends Caller {
        Waiting(ManagedChannel channel, int size) {
            super(channel, size);
        }

        @Override
        long call(long deadline) throws IOException {
            long calls = 0;
            long now;
            do {
                long start = System.nanoTime();
                byte[] answer = ClientCalls.blockingUnaryCall(channel, GrpcService.ECHO, options, request);
                now = figures.answered(answer.length, start);
                calls++;
            } while (now < deadline);
            return calls;
        }
    }

    /** Callbacks on the event loop: each answer starts the next call. */
    private static final class Chained extends Caller implements StreamObserver<byte[]> {
        private CompletableFuture<Void> done;
        private long deadline;
        private long calls;
        private long start;

        Chained(ManagedChannel channel, int size) {
            super(channel, size);
        }

        @Override
        long call(long until) throws IOException, InterruptedException {
            done = new CompletableFuture<>();
            deadline = until;
            calls = 0;
            next();
            Exchange.await(done);
            return calls;
        }

        private void next() {
            start = System.nanoTime();
            ClientCalls.asyncUnaryCall(channel.newCall(GrpcService.ECHO, options), request, this);
        }

        @Override
        public void onNext(byte[] answer) {
            try {
                long now = figures.answered(answer.length, start);
                calls++;
                if (now < deadline) {
                    next();
                } else {
                    done.complete(null);
                }
            } catch (IOException e) {
                done.completeExceptionally(e);
            }
        }

        @Override
        public void onError(Throwable cause) {
            done.completeExceptionally(cause);
        }

        @Override
        public void onCompleted() {
            // The message was all.
        }
    }

    private abstract static class Caller implements Session {
        final CallFigures figures;
        final ManagedChannel channel;
        final byte[] request;
        /** Of a slice. */
        CallOptions options;

        Caller(ManagedChannel channel, int size) {
            this.channel = channel;
            figures = new CallFigures(size);
            request = new byte[size];
        }

        /** Calls until then and returns how often. */
        abstract long call(long deadline) throws IOException, InterruptedException;

        @Override
        public final long run(long nanos) throws IOException, InterruptedException {
            options = CallOptions.DEFAULT.withDeadlineAfter(Exchange.PATIENCE_SECONDS, TimeUnit.SECONDS);
            long start = System.nanoTime();
            try {
                return call(start + nanos);
            } catch (StatusRuntimeException e) {
                throw new IOException(e.getMessage(), e);
            } finally {
                figures.slice(System.nanoTime() - start);
            }
        }

        @Override
        public final void reset() {
            figures.reset();
        }

        @Override
        public final void record(Figures round) {
            figures.record(round);
        }

        @Override
        public final void close() throws InterruptedException {
            channel.shutdownNow().awaitTermination(5, TimeUnit.SECONDS);
        }
    }
}
