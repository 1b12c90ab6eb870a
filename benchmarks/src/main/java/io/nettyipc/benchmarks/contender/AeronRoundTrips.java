/* Copyright 2026 The Netty IPC Authors. Licensed under the Apache License, Version 2.0; see LICENSE. */
package io.nettyipc.benchmarks.contender;

import io.aeron.logbuffer.FragmentHandler;
import io.aeron.logbuffer.Header;
import io.nettyipc.benchmarks.workload.Figures;
import io.nettyipc.benchmarks.workload.Latencies;
import io.nettyipc.benchmarks.workload.Session;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.concurrent.TimeUnit;
import org.HdrHistogram.Histogram;
import org.agrona.DirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;

/** {@link io.nettyipc.benchmarks.workload.RoundTrips} without Netty. */
final class AeronRoundTrips implements Session {
    private static final long PATIENCE = TimeUnit.SECONDS.toNanos(20);

    private final Histogram latency = Latencies.newHistogram();
    private final AeronConnection connection;
    private final int size;
    private final UnsafeBuffer message;
    private final FragmentHandler handler = this::onAnswer;
    private long sequence;
    private long answered;
    private int received;

    AeronRoundTrips(AeronConnection connection, int size) {
        this.connection = connection;
        this.size = size;
        message = new UnsafeBuffer(ByteBuffer.allocateDirect(size));
    }

    @Override
    public long run(long nanos) throws IOException {
        long roundTrips = 0;
        long now = System.nanoTime();
        long deadline = now + nanos;
        while (now < deadline) {
            message.putLong(0, ++sequence);
            long sentAt = System.nanoTime();
            connection.out().send(message, 0, size);
            while (received < size) {
                if (!connection.poll(handler) && System.nanoTime() - sentAt > PATIENCE) {
                    throw new IOException(
                            "sent message " + sequence + " of " + size + " bytes and received " + received);
                }
            }
            now = System.nanoTime();
            if (answered != sequence) {
                throw new IOException("sent message " + sequence + " and received " + answered);
            }
            received = 0;
            latency.recordValue(now - sentAt);
            roundTrips++;
        }
        return roundTrips;
    }

    private void onAnswer(DirectBuffer buffer, int offset, int length, Header header) {
        if (received == 0) {
            answered = buffer.getLong(offset);
        }
        received += length;
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
    public void close() {
        connection.close();
    }
}
