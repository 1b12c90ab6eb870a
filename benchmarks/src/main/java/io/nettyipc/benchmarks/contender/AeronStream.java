/* Copyright 2026 The Netty IPC Authors. Licensed under the Apache License, Version 2.0; see LICENSE. */
package io.nettyipc.benchmarks.contender;

import java.io.IOException;
import java.nio.ByteBuffer;
import org.agrona.concurrent.UnsafeBuffer;

/** {@link io.nettyipc.benchmarks.workload.Stream} without Netty. */
final class AeronStream extends AeronOneWay {
    private final UnsafeBuffer message;

    AeronStream(AeronConnection connection, int size) {
        super(connection, size);
        message = new UnsafeBuffer(ByteBuffer.allocateDirect(size));
    }

    @Override
    void send(long number, boolean last) throws IOException {
        message.putByte(0, (byte) (last ? 1 : 0));
        connection.out().send(message, 0, size);
    }

    @Override
    void check(long sent, long answer) throws IOException {
        if (answer != sent * size) {
            throw new IOException("sent " + sent * size + " bytes and the server received " + answer);
        }
    }
}
