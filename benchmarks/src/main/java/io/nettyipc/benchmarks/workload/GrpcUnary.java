/* Copyright 2026 The Netty IPC Authors. Licensed under the Apache License, Version 2.0; see LICENSE. */
package io.nettyipc.benchmarks.workload;

import io.grpc.CallOptions;
import io.grpc.ManagedChannel;
import io.grpc.StatusRuntimeException;
import io.grpc.stub.ClientCalls;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.HdrHistogram.Histogram;

/** Calls of 1 KiB each way, one at a time, from a thread that waits for the answer. */
final class GrpcUnary extends Grpc {
    private static final int SIZE = 1024;

    @Override
    public String id() {
        return "grpc-unary";
    }

    @Override
    public String title() {
        return "gRPC unary call, 1 KiB";
    }

    @Override
    public List<Measure> measures() {
        return List.of(Measure.P50, Measure.P99);
    }

    @Override
    protected Session open(ManagedChannel channel) {
        return new Calls(channel);
    }

    private static final class Calls implements Session {
        private final Histogram latency = Latencies.newHistogram();
        private final byte[] request = new byte[SIZE];
        private final ManagedChannel channel;

        Calls(ManagedChannel channel) {
            this.channel = channel;
        }

        @Override
        public long run(long nanos) throws IOException {
            long calls = 0;
            long now = System.nanoTime();
            long deadline = now + nanos;
            CallOptions options = CallOptions.DEFAULT.withDeadlineAfter(Exchange.PATIENCE_SECONDS, TimeUnit.SECONDS);
            try {
                while (now < deadline) {
                    long start = System.nanoTime();
                    byte[] answer = ClientCalls.blockingUnaryCall(channel, GrpcService.ECHO, options, request);
                    now = System.nanoTime();
                    if (answer.length != SIZE) {
                        throw new IOException("an answer of " + answer.length + " bytes");
                    }
                    latency.recordValue(now - start);
                    calls++;
                }
            } catch (StatusRuntimeException e) {
                throw new IOException(e.getMessage(), e);
            }
            return calls;
        }

        @Override
        public void reset() {
            latency.reset();
        }

        @Override
        public void record(Figures figures) {
            figures.putLatency(latency);
        }

        @Override
        public void close() throws InterruptedException {
            channel.shutdownNow().awaitTermination(5, TimeUnit.SECONDS);
        }
    }
}
