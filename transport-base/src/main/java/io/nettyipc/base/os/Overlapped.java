/* Copyright 2026 The Netty IPC Authors. Licensed under the Apache License, Version 2.0; see LICENSE. */
package io.nettyipc.base.os;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayDeque;

/**
 * One {@code OVERLAPPED} structure in native memory: what the kernel writes the outcome of an operation to.
 *
 * <pre>
 *   0  Internal      NTSTATUS, 0x103 while the operation is pending
 *   8  InternalHigh  bytes transferred
 *  16  Offset        unused for pipes, zero
 *  24  hEvent        event to signal; its lowest bit set means "queue no completion packet"
 * </pre>
 *
 * @see <a href="https://learn.microsoft.com/windows/win32/api/minwinbase/ns-minwinbase-overlapped">OVERLAPPED</a>
 */
public final class Overlapped {

    static final int STATUS_PENDING = 0x103;

    private static final int SIZE = 32;
    private static final int INTERNAL = 0;
    private static final int INTERNAL_HIGH = 8;
    private static final int EVENT = 24;

    /** The kernel writes the status last. Who sees it has to see the transferred bytes too, on ARM64 as well. */
    private static final VarHandle STATUS = MethodHandles.byteBufferViewVarHandle(int[].class, ByteOrder.LITTLE_ENDIAN);

    private final ByteBuffer memory;
    private final long address;

    private Overlapped(ByteBuffer memory) {
        this.memory = memory.order(ByteOrder.LITTLE_ENDIAN);
        address = DirectMemory.addressOf(memory);
    }

    public long address() {
        return address;
    }

    /**
     * Prepares it for the next operation; {@code event} is 0, an event's handle, or a handle with its lowest bit set.
     */
    public void reset(long event) {
        memory.putLong(INTERNAL, 0).putLong(INTERNAL_HIGH, 0).putLong(16, 0).putLong(EVENT, event);
    }

    public int status() {
        return (int) STATUS.getAcquire(memory, INTERNAL);
    }

    public boolean isPending() {
        return status() == STATUS_PENDING;
    }

    public int transferred() {
        return memory.getInt(INTERNAL_HIGH);
    }

    /**
     * Structures for the operations of one event loop, handed out and taken back on its thread. Memory is never given
     * back before the loop has ended, so that a late completion can't hit memory that is somebody else's by then.
     */
    public static final class Pool {

        /** One cache line each, so that the kernel's write to one doesn't slow the reading of another. */
        private static final int SLOT = 64;

        private static final int SLOTS_PER_SLAB = 64;

        private final ArrayDeque<Overlapped> free = new ArrayDeque<>();

        public Overlapped acquire() {
            if (free.isEmpty()) {
                ByteBuffer slab =
                        ByteBuffer.allocateDirect(SLOT * (SLOTS_PER_SLAB + 1)).alignedSlice(SLOT);
                for (int i = 0; i < SLOTS_PER_SLAB; i++) {
                    free.add(new Overlapped(slab.slice(i * SLOT, SIZE)));
                }
            }
            return free.pop();
        }

        public void release(Overlapped overlapped) {
            free.push(overlapped);
        }
    }
}
