/* Copyright 2026 The Netty IPC Authors. Licensed under the Apache License, Version 2.0; see LICENSE. */
package io.nettyipc.shm.lease;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;

/**
 * A buffer in this side's slots. While it has references it is like any direct buffer. When it has none left its pages
 * stay in use for as long as the peer holds leases of them. A buffer that grows beyond its pages moves to others, or
 * out of the slots if there are none.
 */
final class SlotBuf extends SharedByteBuf {

    private final LeaseSender sender;
    /** The slots' pages that it is in; none while {@link #elsewhere} is set. */
    private int firstPage;

    private int pages;
    /** One for the references together, one for each lease. Guarded by the sender. */
    int holders;
    /** What it has grown into, outside of the slots; or null. */
    private ByteBuf elsewhere;

    SlotBuf(LeaseSender sender, ByteBufAllocator alloc) {
        super(alloc);
        this.sender = sender;
    }

    void setPages(int firstPage, int pages) {
        this.firstPage = firstPage;
        this.pages = pages;
    }

    int firstPage() {
        return firstPage;
    }

    int pages() {
        return pages;
    }

    boolean isIn(LeaseSender sender) {
        return this.sender == sender && elsewhere == null;
    }

    void moveTo(ByteBuf elsewhere, int capacity) {
        this.elsewhere = elsewhere;
        setPages(0, 0);
        place(
                elsewhere.nioBuffer(0, capacity),
                elsewhere.hasMemoryAddress() ? elsewhere.memoryAddress() : 0,
                0,
                capacity);
    }

    @Override
    public ByteBuf capacity(int newCapacity) {
        checkNewCapacity(newCapacity);
        if (newCapacity <= capacity()) {
            trimIndicesToCapacity(newCapacity);
            setCapacity(newCapacity);
        } else if (elsewhere == null && newCapacity <= pages * LeaseLayout.PAGE) {
            setCapacity(newCapacity);
        } else {
            ByteBuf before = elsewhere;
            sender.move(this, newCapacity);
            if (before != null) {
                before.release();
            }
        }
        return this;
    }

    @Override
    protected void deallocate() {
        ByteBuf last = elsewhere;
        elsewhere = null;
        if (last != null) {
            last.release();
        }
        sender.released(this);
    }
}
