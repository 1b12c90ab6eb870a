/* Copyright 2026 The Netty IPC Authors. Licensed under the Apache License, Version 2.0; see LICENSE. */
package io.nettyipc.shm.lease;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import java.nio.ReadOnlyBufferException;

/** A message that lies in the peer's memory, until its last reference is released. */
final class LeaseBuf extends SharedByteBuf {

    private final LeaseReceiver receiver;
    private final int lease;

    LeaseBuf(LeaseReceiver receiver, int lease, ByteBufAllocator alloc) {
        super(alloc);
        this.receiver = receiver;
        this.lease = lease;
    }

    @Override
    protected void deallocate() {
        receiver.giveBack(this, lease);
    }

    @Override
    public boolean isReadOnly() {
        return true;
    }

    /** Netty's buffers copy to an address without asking whether they may, and here such a write ends the JVM. */
    @Override
    public boolean hasMemoryAddress() {
        return false;
    }

    @Override
    public ByteBuf asReadOnly() {
        return this;
    }

    @Override
    public boolean isWritable() {
        return false;
    }

    @Override
    public boolean isWritable(int size) {
        return false;
    }

    @Override
    public ByteBuf ensureWritable(int minWritableBytes) {
        throw new ReadOnlyBufferException();
    }

    @Override
    public int ensureWritable(int minWritableBytes, boolean force) {
        return 1;
    }

    @Override
    public ByteBuf capacity(int newCapacity) {
        throw new ReadOnlyBufferException();
    }

    @Override
    public ByteBuf discardReadBytes() {
        throw new ReadOnlyBufferException();
    }

    /** Discards none. */
    @Override
    public ByteBuf discardSomeReadBytes() {
        return this;
    }
}
