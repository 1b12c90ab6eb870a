/* Copyright 2026 The Netty IPC Authors. Licensed under the Apache License, Version 2.0; see LICENSE. */
package io.nettyipc.shm.lease;

import com.sun.jna.Native;
import com.sun.jna.Pointer;
import io.nettyipc.shm.ring.RingMemory;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.concurrent.atomic.AtomicInteger;

/** Memory of this process's own, with a guard on both sides that nothing may write to. */
final class PlainMemory implements RingMemory {

    private static final int GUARD = 4096;
    private static final byte UNTOUCHED = 0x5A;

    private final ByteBuffer whole;
    private final int size;
    /** Both sides' views count. */
    private final AtomicInteger closed;

    PlainMemory(int size) {
        this(size, ByteBuffer.allocateDirect(size + 2 * GUARD), new AtomicInteger());
        for (int i = 0; i < GUARD; i++) {
            whole.put(i, UNTOUCHED).put(GUARD + size + i, UNTOUCHED);
        }
    }

    private PlainMemory(int size, ByteBuffer whole, AtomicInteger closed) {
        this.size = size;
        this.whole = whole;
        this.closed = closed;
    }

    /** The same memory, as another process maps it. */
    PlainMemory otherView() {
        return new PlainMemory(size, whole, new AtomicInteger());
    }

    void assertGuardsUntouched() {
        for (int i = 0; i < GUARD; i++) {
            if (whole.get(i) != UNTOUCHED || whole.get(GUARD + size + i) != UNTOUCHED) {
                throw new AssertionError("written outside of the memory");
            }
        }
    }

    /** Sets a 64-bit word. */
    void store(int offset, long value) {
        LeaseWords.setRelease(buffer(), offset, value);
    }

    long load(int offset) {
        return LeaseWords.getAcquire(buffer(), offset);
    }

    void store(int offset, int value) {
        buffer().order(ByteOrder.nativeOrder()).putInt(offset, value);
    }

    @Override
    public ByteBuffer buffer() {
        return whole.slice(GUARD, size).order(ByteOrder.nativeOrder());
    }

    @Override
    public long address() {
        return Pointer.nativeValue(Native.getDirectBufferPointer(whole)) + GUARD;
    }

    @Override
    public int prepared() {
        return size;
    }

    @Override
    public void prepare(int wanted) {}

    @Override
    public boolean isTaken(int wanted) {
        return true;
    }

    @Override
    public boolean mayFault() {
        return false;
    }

    int timesClosed() {
        return closed.get();
    }

    @Override
    public void close() {
        closed.incrementAndGet();
    }
}
