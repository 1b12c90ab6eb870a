/* Copyright 2026 The Netty IPC Authors. Licensed under the Apache License, Version 2.0; see LICENSE. */
package io.nettyipc.benchmarks.workload;

import io.grpc.CallOptions;
import io.grpc.ManagedChannel;
import io.grpc.stub.ClientCalls;
import java.nio.ByteBuffer;
import java.util.List;

/** The server streams messages to the client, and in the end the number of bytes. */
final class GrpcServerStreaming extends Grpc {
    private final int size;

    GrpcServerStreaming(int size, GrpcThreads threads) {
        super(threads);
        this.size = size;
    }

    @Override
    public String id() {
        return (threads == GrpcThreads.POOL ? "grpc-server-stream-" : "grpc-direct-stream-") + Workloads.sizeId(size);
    }

    @Override
    public String title() {
        return "gRPC server streaming, " + Workloads.sizeTitle(size) + threads.title;
    }

    @Override
    public List<Measure> measures() {
        return List.of(Measure.BYTES, Measure.OPERATIONS);
    }

    @Override
    protected Session open(ManagedChannel channel) {
        return new GrpcStreams(channel, size) {
            @Override
            protected Count call(ManagedChannel channel, long durationNanos) {
                byte[] request = ByteBuffer.allocate(2 * Long.BYTES)
                        .putLong(durationNanos)
                        .putLong(size)
                        .array();
                Receiver receiver = new Receiver(size);
                ClientCalls.asyncServerStreamingCall(
                        channel.newCall(GrpcService.SEND, CallOptions.DEFAULT), request, receiver);
                return receiver;
            }
        };
    }

    private static final class Receiver extends GrpcStreams.Count {
        private final int size;

        Receiver(int size) {
            super(size);
            this.size = size;
        }

        @Override
        public void onNext(byte[] message) {
            if (message.length == size) {
                message();
            } else {
                counted(message);
            }
        }
    }
}
