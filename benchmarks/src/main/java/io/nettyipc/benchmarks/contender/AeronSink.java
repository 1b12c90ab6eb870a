/* Copyright 2026 The Netty IPC Authors. Licensed under the Apache License, Version 2.0; see LICENSE. */
package io.nettyipc.benchmarks.contender;

import io.aeron.logbuffer.FragmentHandler;
import io.aeron.logbuffer.FrameDescriptor;
import io.aeron.logbuffer.Header;
import java.io.IOException;
import java.io.UncheckedIOException;
import org.agrona.DirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * Counts the bytes of fragments, which nobody needs to put together for that, and answers with the count at the end of
 * a message whose first byte is not 0.
 */
final class AeronSink implements FragmentHandler {
    private final AeronOut answers;
    private final UnsafeBuffer count = new UnsafeBuffer(new byte[Long.BYTES]);
    private long received;
    private boolean last;

    AeronSink(AeronOut answers) {
        this.answers = answers;
    }

    @Override
    public void onFragment(DirectBuffer buffer, int offset, int length, Header header) {
        byte flags = header.flags();
        received += length;
        if ((flags & FrameDescriptor.BEGIN_FRAG_FLAG) != 0) {
            last = buffer.getByte(offset) != 0;
        }
        if (last && (flags & FrameDescriptor.END_FRAG_FLAG) != 0) {
            answer();
            received = 0;
        }
    }

    private void answer() {
        count.putLong(0, received);
        try {
            answers.send(count, 0, Long.BYTES);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
