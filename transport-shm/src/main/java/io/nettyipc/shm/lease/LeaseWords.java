/* Copyright 2026 The Netty IPC Authors. Licensed under the Apache License, Version 2.0; see LICENSE. */
package io.nettyipc.shm.lease;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/** The accesses to the words of {@link LeaseLayout}. */
final class LeaseWords {

    private static final VarHandle LONGS = MethodHandles.byteBufferViewVarHandle(long[].class, ByteOrder.nativeOrder());
    private static final VarHandle INTS = MethodHandles.byteBufferViewVarHandle(int[].class, ByteOrder.nativeOrder());

    private LeaseWords() {}

    /** After this call, everything can be read that the other side had written before it stored the value. */
    static long getAcquire(ByteBuffer memory, int offset) {
        return (long) LONGS.getAcquire(memory, offset);
    }

    /** A side that reads this value also sees what was written before it. */
    static void setRelease(ByteBuffer memory, int offset, long value) {
        LONGS.setRelease(memory, offset, value);
    }

    static long getLong(ByteBuffer memory, int offset) {
        return (long) LONGS.get(memory, offset);
    }

    static void setLong(ByteBuffer memory, int offset, long value) {
        LONGS.set(memory, offset, value);
    }

    static int getInt(ByteBuffer memory, int offset) {
        return (int) INTS.get(memory, offset);
    }

    static void setInt(ByteBuffer memory, int offset, int value) {
        INTS.set(memory, offset, value);
    }
}
