/* Copyright 2026 The Netty IPC Authors. Licensed under the Apache License, Version 2.0; see LICENSE. */
package io.nettyipc.benchmarks.workload;

import io.grpc.CallOptions;
import io.grpc.ManagedChannel;
import io.grpc.stub.ClientCallStreamObserver;
import io.grpc.stub.ClientCalls;
import io.grpc.stub.ClientResponseObserver;
import java.util.List;

/** The client streams messages to the server, which answers with the number of bytes. */
final class GrpcClientStreaming extends Grpc {
    private final int size;

    GrpcClientStreaming(int size) {
        super(GrpcThreads.POOL);
        this.size = size;
    }

    @Override
    public String id() {
        return "grpc-client-stream-" + Workloads.sizeId(size);
    }

    @Override
    public String title() {
        return "gRPC client streaming, " + Workloads.sizeTitle(size);
    }

    @Override
    public List<Measure> measures() {
        return List.of(Measure.OPERATIONS);
    }

    @Override
    protected Session open(ManagedChannel channel) {
        byte[] message = new byte[size];
        return new GrpcStreams(channel, size) {
            @Override
            protected Count call(ManagedChannel channel, long durationNanos) {
                Sender sender = new Sender(message, System.nanoTime() + durationNanos);
                ClientCalls.asyncClientStreamingCall(channel.newCall(GrpcService.COUNT, CallOptions.DEFAULT), sender);
                return sender;
            }
        };
    }

    private static final class Sender extends GrpcStreams.Count implements ClientResponseObserver<byte[], byte[]> {
        private final byte[] message;
        private final long deadline;
        private boolean ended;

        Sender(byte[] message, long deadline) {
            super(message.length);
            this.message = message;
            this.deadline = deadline;
        }

        @Override
        public void beforeStart(ClientCallStreamObserver<byte[]> requests) {
            requests.setOnReadyHandler(() -> {
                while (!ended && requests.isReady()) {
                    requests.onNext(message);
                    message();
                    if (System.nanoTime() - deadline >= 0) {
                        ended = true;
                        requests.onCompleted();
                    }
                }
            });
        }

        @Override
        public void onNext(byte[] answer) {
            counted(answer);
        }
    }
}
