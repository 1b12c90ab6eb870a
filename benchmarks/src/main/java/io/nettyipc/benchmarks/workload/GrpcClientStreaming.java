/* Copyright 2026 The Netty IPC Authors. Licensed under the Apache License, Version 2.0; see LICENSE. */
package io.nettyipc.benchmarks.workload;

import io.grpc.CallOptions;
import io.grpc.ManagedChannel;
import io.grpc.stub.ClientCallStreamObserver;
import io.grpc.stub.ClientCalls;
import io.grpc.stub.ClientResponseObserver;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/** Calls that stream 1 KiB messages to the server as fast as gRPC takes them; each slice is one call. */
final class GrpcClientStreaming extends Grpc {
    private static final int SIZE = 1024;

    GrpcClientStreaming() {
        super(GrpcThreads.POOL);
    }

    @Override
    public String id() {
        return "grpc-client-stream-1k";
    }

    @Override
    public String title() {
        return "gRPC client streaming, 1 KiB";
    }

    @Override
    public List<Measure> measures() {
        return List.of(Measure.OPERATIONS);
    }

    @Override
    protected Session open(ManagedChannel channel) {
        return new Streams(channel);
    }

    private static final class Streams implements Session {
        private final byte[] message = new byte[SIZE];
        private final ManagedChannel channel;
        private long messages;
        private long nanos;

        Streams(ManagedChannel channel) {
            this.channel = channel;
        }

        @Override
        public long run(long duration) throws IOException, InterruptedException {
            long start = System.nanoTime();
            Sender sender = new Sender(message, start + duration);
            ClientCalls.asyncClientStreamingCall(channel.newCall(GrpcService.COUNT, CallOptions.DEFAULT), sender);
            Exchange.await(sender.done);
            nanos += System.nanoTime() - start;
            messages += sender.sent;
            return sender.sent;
        }

        @Override
        public void reset() {
            messages = 0;
            nanos = 0;
        }

        @Override
        public void record(Figures figures) {
            figures.put(Measure.OPERATIONS, messages * 1e9 / nanos);
        }

        @Override
        public void close() throws InterruptedException {
            channel.shutdownNow().awaitTermination(5, TimeUnit.SECONDS);
        }
    }

    /** gRPC calls it on one thread at a time. */
    private static final class Sender implements ClientResponseObserver<byte[], byte[]> {
        private final CompletableFuture<Void> done = new CompletableFuture<>();
        private final byte[] message;
        private final long deadline;
        private boolean ended;
        private long sent;
        private long counted;

        Sender(byte[] message, long deadline) {
            this.message = message;
            this.deadline = deadline;
        }

        @Override
        public void beforeStart(ClientCallStreamObserver<byte[]> requests) {
            requests.setOnReadyHandler(() -> {
                while (!ended && requests.isReady()) {
                    requests.onNext(message);
                    sent++;
                    if (System.nanoTime() - deadline >= 0) {
                        ended = true;
                        requests.onCompleted();
                    }
                }
            });
        }

        @Override
        public void onNext(byte[] answer) {
            counted = ByteBuffer.wrap(answer).getLong();
        }

        @Override
        public void onError(Throwable cause) {
            done.completeExceptionally(cause);
        }

        @Override
        public void onCompleted() {
            if (counted == sent * SIZE) {
                done.complete(null);
            } else {
                done.completeExceptionally(
                        new IOException("sent " + sent * SIZE + " bytes and the server received " + counted));
            }
        }
    }
}
