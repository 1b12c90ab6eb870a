/* Copyright 2026 The Netty IPC Authors. Licensed under the Apache License, Version 2.0; see LICENSE. */
package io.nettyipc.base.overlapped;

import io.netty.buffer.ByteBuf;
import io.nettyipc.base.loop.OverlappedOperation;
import io.nettyipc.base.os.DirectMemory;
import io.nettyipc.base.os.Kernel32;
import io.nettyipc.base.os.Win32Error;

/** A {@code ReadFile} into a buffer that it owns until its packet has come and somebody takes it. */
final class ReadOperation extends OverlappedOperation {

    private final long handle;
    private ByteBuf bytes;
    private int wanted;

    ReadOperation(long handle) {
        this.handle = handle;
    }

    /** Takes over the caller's reference to an empty buffer. */
    ReadOperation prepare(ByteBuf bytes) {
        this.bytes = bytes;
        wanted = bytes.writableBytes();
        return this;
    }

    @Override
    protected int start(long overlappedAddress) {
        long address = DirectMemory.addressOf(bytes, bytes.writerIndex(), wanted);
        return Kernel32.ReadFile(handle, address, wanted, 0, overlappedAddress)
                ? Win32Error.SUCCESS
                : Win32Error.last().code();
    }

    /** How much the buffer had room for. */
    int wanted() {
        return wanted;
    }

    /** Hands over the buffer with what was read; null if it holds nothing. */
    ByteBuf take() {
        ByteBuf bytes = this.bytes;
        this.bytes = null;
        if (transferred() > 0) {
            return bytes.writerIndex(bytes.writerIndex() + transferred());
        }
        bytes.release();
        return null;
    }

    /** Gives the buffer back when the read didn't begin. */
    void discard() {
        bytes.release();
        bytes = null;
    }
}
