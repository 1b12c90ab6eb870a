/* Copyright 2026 The Netty IPC Authors. Licensed under the Apache License, Version 2.0; see LICENSE. */
package io.nettyipc.benchmarks.contender;

import io.aeron.logbuffer.FragmentHandler;
import io.aeron.logbuffer.Header;
import io.nettyipc.benchmarks.workload.Figures;
import io.nettyipc.benchmarks.workload.Filled;
import io.nettyipc.benchmarks.workload.Measure;
import io.nettyipc.benchmarks.workload.Session;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.util.concurrent.TimeUnit;
import org.agrona.DirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * {@link Filled} without Netty: claims places where the reader finds them, and fills them there. A claim holds less
 * than 64 KiB, so that a message is several of them.
 */
final class AeronFilled implements Session {
    private static final long PATIENCE = TimeUnit.SECONDS.toNanos(20);
    private static final int PIECE = 32 * 1024;
    private static final byte MORE = 0;
    /** Of the last piece of all. */
    private static final byte LAST = 1;

    private final AeronConnection connection;
    private final int size;
    private final FragmentHandler handler = this::onSum;
    private boolean answered;
    private long summed;
    private long messages;
    private long nanos;

    AeronFilled(AeronConnection connection, int size) {
        this.connection = connection;
        this.size = size;
    }

    /** As many messages as others have under way, in memory that the caches hold if these do. */
    static int term(int size) {
        return Math.min(AeronContender.STREAM_TERM, 16 * size);
    }

    @Override
    public long run(long duration) throws IOException {
        long start = System.nanoTime();
        long sent = 0;
        long sum = 0;
        boolean last = false;
        answered = false;
        while (!last) {
            last = System.nanoTime() - start >= duration;
            for (int from = 0; from < size; from += PIECE) {
                byte kind = last && from + PIECE >= size ? LAST : MORE;
                long seed = sent * size + from;
                long[] pieceSum = new long[1];
                connection.out().fill(PIECE, memory -> pieceSum[0] = Filled.fill(memory, seed, kind));
                sum += pieceSum[0];
            }
            sent++;
        }
        long end = System.nanoTime();
        while (!answered) {
            if (!connection.poll(handler) && System.nanoTime() - end > PATIENCE) {
                throw new IOException("the server did not sum");
            }
        }
        nanos += System.nanoTime() - start;
        messages += sent;
        if (summed != sum) {
            throw new IOException("sent a sum of " + sum + " and the server received " + summed);
        }
        return sent;
    }

    private void onSum(DirectBuffer buffer, int offset, int length, Header header) {
        summed = buffer.getLong(offset);
        answered = true;
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

    /** The server: sums what comes where it lies, and answers behind the last piece. */
    static FragmentHandler summer(AeronOut answers) {
        UnsafeBuffer answer = new UnsafeBuffer(new byte[Long.BYTES]);
        return (buffer, offset, length, header) -> {
            answer.putLong(0, answer.getLong(0) + Filled.sum(memory(buffer, offset, length)));
            if (buffer.getByte(offset) == LAST) {
                try {
                    answers.send(answer, 0, Long.BYTES);
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
                answer.putLong(0, 0);
            }
        };
    }

    /** The bytes of a term. */
    static ByteBuffer memory(DirectBuffer buffer, int offset, int length) {
        int from = buffer.wrapAdjustment() + offset;
        return buffer.byteBuffer().duplicate().limit(from + length).position(from);
    }
}
