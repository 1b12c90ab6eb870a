/* Copyright 2026 The Netty IPC Authors. Licensed under the Apache License, Version 2.0; see LICENSE. */
package io.nettyipc.benchmarks.contender;

import io.aeron.Publication;
import io.aeron.logbuffer.BufferClaim;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.agrona.DirectBuffer;

/**
 * Sends messages as soon as there is room. One that fits into a fragment is claimed and written where the reader finds
 * it, once, as an application would encode it there.
 */
final class AeronOut {
    private static final long PATIENCE = TimeUnit.SECONDS.toNanos(20);

    private final Publication publication;
    private final BufferClaim claim = new BufferClaim();

    AeronOut(Publication publication) {
        this.publication = publication;
    }

    boolean isConnected() {
        return publication.isConnected();
    }

    void send(DirectBuffer message, int offset, int length) throws IOException {
        if (trySend(message, offset, length)) {
            return;
        }
        long deadline = System.nanoTime() + PATIENCE;
        while (!trySend(message, offset, length)) {
            if (publication.isClosed() || System.nanoTime() > deadline) {
                throw new IOException("the other side does not read");
            }
            Thread.onSpinWait();
        }
    }

    /** Has that many bytes filled where the reader finds them; fewer than a fragment's. */
    void fill(int length, Consumer<ByteBuffer> filler) throws IOException {
        if (publication.tryClaim(length, claim) < 0) {
            awaitClaim(length);
        }
        filler.accept(AeronFilled.memory(claim.buffer(), claim.offset(), length));
        claim.commit();
    }

    private void awaitClaim(int length) throws IOException {
        long deadline = System.nanoTime() + PATIENCE;
        while (publication.tryClaim(length, claim) < 0) {
            if (publication.isClosed() || System.nanoTime() > deadline) {
                throw new IOException("the other side does not read");
            }
            Thread.onSpinWait();
        }
    }

    private boolean trySend(DirectBuffer message, int offset, int length) {
        if (length > publication.maxPayloadLength()) {
            return publication.offer(message, offset, length) > 0;
        }
        if (publication.tryClaim(length, claim) < 0) {
            return false;
        }
        claim.buffer().putBytes(claim.offset(), message, offset, length);
        claim.commit();
        return true;
    }

    void close() {
        publication.close();
    }
}
