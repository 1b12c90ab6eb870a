/* Copyright 2026 The Netty IPC Authors. Licensed under the Apache License, Version 2.0; see LICENSE. */
package io.nettyipc.benchmarks.contender;

import io.aeron.logbuffer.FragmentHandler;
import io.aeron.logbuffer.Header;
import io.nettyipc.benchmarks.workload.Figures;
import io.nettyipc.benchmarks.workload.Measure;
import io.nettyipc.benchmarks.workload.Session;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.concurrent.TimeUnit;
import org.agrona.DirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;

/** {@link io.nettyipc.benchmarks.workload.Stream} without Netty. */
final class AeronStream implements Session {
    private static final long PATIENCE = TimeUnit.SECONDS.toNanos(20);

    private final AeronConnection connection;
    private final int size;
    private final UnsafeBuffer message;
    private final FragmentHandler handler = this::onCount;
    private long counted;
    private long messages;
    private long nanos;

    AeronStream(AeronConnection connection, int size) {
        this.connection = connection;
        this.size = size;
        message = new UnsafeBuffer(ByteBuffer.allocateDirect(size));
    }

    @Override
    public long run(long duration) throws IOException {
        long start = System.nanoTime();
        long sent = 0;
        boolean last = false;
        counted = -1;
        while (!last) {
            last = System.nanoTime() - start >= duration;
            message.putByte(0, (byte) (last ? 1 : 0));
            connection.out().send(message, 0, size);
            sent++;
        }
        long end = System.nanoTime();
        while (counted < 0) {
            if (!connection.poll(handler) && System.nanoTime() - end > PATIENCE) {
                throw new IOException("the server did not count");
            }
        }
        nanos += System.nanoTime() - start;
        messages += sent;
        if (counted != sent * size) {
            throw new IOException("sent " + sent * size + " bytes and the server received " + counted);
        }
        return sent;
    }

    private void onCount(DirectBuffer buffer, int offset, int length, Header header) {
        counted = buffer.getLong(offset);
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
    public void close() {
        connection.close();
    }
}
