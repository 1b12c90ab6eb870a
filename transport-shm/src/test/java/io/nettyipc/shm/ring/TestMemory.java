/* Copyright 2026 The Netty IPC Authors. Licensed under the Apache License, Version 2.0; see LICENSE. */
package io.nettyipc.shm.ring;

import com.sun.jna.Native;
import com.sun.jna.Pointer;
import java.nio.ByteBuffer;

/** A segment in this process's own memory, with a guard on both sides that nothing may write to. */
final class TestMemory implements RingMemory {

    private static final int GUARD = 4096;
    private static final byte UNTOUCHED = 0x5A;

    private final ByteBuffer whole;
    private final int size;
    private int closed;

    TestMemory(int capacity) {
        size = RingLayout.segmentSize(capacity);
        whole = ByteBuffer.allocateDirect(size + 2 * GUARD);
        for (int i = 0; i < GUARD; i++) {
            whole.put(i, UNTOUCHED).put(GUARD + size + i, UNTOUCHED);
        }
    }

    void assertGuardsUntouched() {
        for (int i = 0; i < GUARD; i++) {
            if (whole.get(i) != UNTOUCHED || whole.get(GUARD + size + i) != UNTOUCHED) {
                throw new AssertionError("written outside of the segment");
            }
        }
    }

    void clearWords() {
        for (int offset = 0; offset < 512; offset += Long.BYTES) {
            SharedLongs.setRelease(buffer(), offset, 0);
        }
    }

    @Override
    public ByteBuffer buffer() {
        return whole.slice(GUARD, size);
    }

    @Override
    public long address() {
        // Netty's buffers tell none without Unsafe.
        return Pointer.nativeValue(Native.getDirectBufferPointer(whole)) + GUARD;
    }

    @Override
    public boolean mayFault() {
        return false;
    }

    int timesClosed() {
        return closed;
    }

    @Override
    public void close() {
        closed++;
    }
}
