/* Copyright 2026 The Netty IPC Authors. Licensed under the Apache License, Version 2.0; see LICENSE. */
package io.nettyipc.shm.ring;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/** The ordered accesses to the 64-bit words of {@link RingLayout}. */
final class SharedLongs {

    /** Needs no flag and no Unsafe, and reads through read-only views, on every JDK from 17 on. */
    private static final VarHandle LONGS = MethodHandles.byteBufferViewVarHandle(long[].class, ByteOrder.nativeOrder());

    private SharedLongs() {}

    /** After this call, everything can be read that the other side had written before it stored the value. */
    static long getAcquire(ByteBuffer memory, int offset) {
        return (long) LONGS.getAcquire(memory, offset);
    }

    /** A side that reads this value also sees what was written before it. */
    static void setRelease(ByteBuffer memory, int offset, long value) {
        LONGS.setRelease(memory, offset, value);
    }
}
