/* Copyright 2026 The Netty IPC Authors. Licensed under the Apache License, Version 2.0; see LICENSE. */
package io.nettyipc.benchmarks.contender;

import io.aeron.logbuffer.FragmentHandler;
import io.nettyipc.benchmarks.workload.Filled;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import org.agrona.DirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * {@link Filled} without Netty: claims places where the reader finds them, and fills them there. A claim holds less
 * than 64 KiB, so that a message is several of them.
 */
final class AeronFilled extends AeronOneWay {
    private static final int PIECE = 32 * 1024;
    private static final byte MORE = 0;
    /** Of the last piece of all. */
    private static final byte LAST = 1;

    /** Of this slice's messages. */
    private long sum;

    AeronFilled(AeronConnection connection, int size) {
        super(connection, size);
    }

    /** As many messages as others have under way, in memory that the caches hold if these do. */
    static int term(int size) {
        return Math.min(AeronContender.STREAM_TERM, 16 * size);
    }

    @Override
    void send(long number, boolean last) throws IOException {
        if (number == 0) {
            sum = 0;
        }
        for (int from = 0; from < size; from += PIECE) {
            byte kind = last && from + PIECE >= size ? LAST : MORE;
            long seed = number * size + from;
            long[] pieceSum = new long[1];
            connection.out().fill(PIECE, memory -> pieceSum[0] = Filled.fill(memory, seed, kind));
            sum += pieceSum[0];
        }
    }

    @Override
    void check(long sent, long answer) throws IOException {
        if (answer != sum) {
            throw new IOException("sent a sum of " + sum + " and the server received " + answer);
        }
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
