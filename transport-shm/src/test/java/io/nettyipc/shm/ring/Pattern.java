/* Copyright 2026 The Netty IPC Authors. Licensed under the Apache License, Version 2.0; see LICENSE. */
package io.nettyipc.shm.ring;

import java.nio.ByteBuffer;

/**
 * An endless stream whose every byte tells where it belongs, so that a byte lost, doubled, moved or torn is noticed.
 */
final class Pattern {

    private Pattern() {}

    static byte at(long position) {
        long word = (position >>> 3) * 0x9E3779B97F4A7C15L;
        word ^= word >>> 32;
        return (byte) (word >>> ((position & 7) << 3));
    }

    /** Fills the buffer from its position to its limit, which both stay. */
    static ByteBuffer fill(ByteBuffer buffer, long position) {
        for (int i = buffer.position(); i < buffer.limit(); i++) {
            buffer.put(i, at(position + i - buffer.position()));
        }
        return buffer;
    }

    /** Looks at the bytes from the buffer's position to its limit. */
    static void check(ByteBuffer buffer, long position) {
        for (int i = buffer.position(); i < buffer.limit(); i++) {
            byte expected = at(position + i - buffer.position());
            if (buffer.get(i) != expected) {
                throw new AssertionError("byte " + (position + i - buffer.position()) + " of the stream is "
                        + buffer.get(i) + ", expected " + expected);
            }
        }
    }
}
