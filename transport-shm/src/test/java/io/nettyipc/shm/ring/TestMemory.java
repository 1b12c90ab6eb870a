/* Copyright 2026 The Netty IPC Authors. Licensed under the Apache License, Version 2.0; see LICENSE. */
package io.nettyipc.shm.ring;

import com.sun.jna.Native;
import com.sun.jna.Pointer;
import java.io.IOException;
import java.nio.ByteBuffer;

/** A segment in this process's own memory, with a guard on both sides that nothing may write to. */
final class TestMemory implements RingMemory {

    private static final int GUARD = 4096;
    private static final byte UNTOUCHED = 0x5A;

    private final ByteBuffer whole;
    private final int size;
    private int prepared;
    private int limit;
    private int taken;
    private int closed;

    TestMemory(int capacity) {
        this(RingLayout.segmentSize(capacity), ByteBuffer.allocateDirect(RingLayout.segmentSize(capacity) + 2 * GUARD));
        prepared = size;
        for (int i = 0; i < GUARD; i++) {
            whole.put(i, UNTOUCHED).put(GUARD + size + i, UNTOUCHED);
        }
    }

    private TestMemory(int size, ByteBuffer whole) {
        this.size = size;
        this.whole = whole;
        limit = size;
    }

    /** Returns another view of it, which has to be prepared and can be up to a limit. */
    TestMemory partly(int prepared, int limit) {
        TestMemory view = new TestMemory(size, whole);
        view.prepared = prepared;
        view.limit = limit;
        return view;
    }

    void assertGuardsUntouched() {
        for (int i = 0; i < GUARD; i++) {
            if (whole.get(i) != UNTOUCHED || whole.get(GUARD + size + i) != UNTOUCHED) {
                throw new AssertionError("written outside of the segment");
            }
        }
    }

    void clearWords() {
        for (int offset = 0; offset <= RingLayout.GROWN_AT; offset += Long.BYTES) {
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
    public int prepared() {
        return prepared;
    }

    @Override
    public void prepare(int wanted) throws IOException {
        if (wanted > limit) {
            throw new IOException("not so much");
        }
        prepared = wanted;
    }

    @Override
    public boolean isTaken(int wanted) {
        return wanted <= taken;
    }

    /** That much of it has been taken by somebody. */
    void take(int size) {
        taken = size;
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
