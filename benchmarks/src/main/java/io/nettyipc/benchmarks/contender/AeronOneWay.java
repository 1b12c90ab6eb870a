/* Copyright 2026 The Netty IPC Authors. Licensed under the Apache License, Version 2.0; see LICENSE. */
package io.nettyipc.benchmarks.contender;

import io.aeron.logbuffer.FragmentHandler;
import io.aeron.logbuffer.Header;
import io.nettyipc.benchmarks.workload.Figures;
import io.nettyipc.benchmarks.workload.Measure;
import io.nettyipc.benchmarks.workload.Session;
import java.io.IOException;
import java.util.concurrent.TimeUnit;
import org.agrona.DirectBuffer;

/** Messages one way, and behind the last of a slice the server's answer, a number. */
abstract class AeronOneWay implements Session {
    private static final long PATIENCE = TimeUnit.SECONDS.toNanos(20);

    final AeronConnection connection;
    final int size;
    private final FragmentHandler handler = this::onAnswer;
    private boolean answered;
    private long answer;
    private long messages;
    private long nanos;

    AeronOneWay(AeronConnection connection, int size) {
        this.connection = connection;
        this.size = size;
    }

    /**
     * Sends a message.
     *
     * @param number of those before it in this slice
     */
    abstract void send(long number, boolean last) throws IOException;

    /** Throws if the server's answer isn't the one to that many messages. */
    abstract void check(long sent, long answer) throws IOException;

    @Override
    public final long run(long duration) throws IOException {
        long start = System.nanoTime();
        long sent = 0;
        boolean last = false;
        answered = false;
        while (!last) {
            last = System.nanoTime() - start >= duration;
            send(sent, last);
            sent++;
        }
        long end = System.nanoTime();
        while (!answered) {
            if (!connection.poll(handler) && System.nanoTime() - end > PATIENCE) {
                throw new IOException("the server did not answer");
            }
        }
        nanos += System.nanoTime() - start;
        messages += sent;
        check(sent, answer);
        return sent;
    }

    private void onAnswer(DirectBuffer buffer, int offset, int length, Header header) {
        answer = buffer.getLong(offset);
        answered = true;
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
    public final void close() {
        connection.close();
    }
}
