/* Copyright 2026 The Netty IPC Authors. Licensed under the Apache License, Version 2.0; see LICENSE. */
package io.nettyipc.base.loop;

import io.netty.buffer.ByteBuf;
import io.nettyipc.base.os.DirectMemory;
import io.nettyipc.base.os.Kernel32;
import io.nettyipc.base.os.Win32Error;

/** A {@code WriteFile}. It holds its own reference to the bytes: the channel's outbound buffer may let go of them. */
public final class WriteOperation extends OverlappedOperation {

    private long handle;
    private ByteBuf bytes;
    private int length;

    /**
     * Takes over the caller's reference to {@code bytes}, whose readable part, up to {@code length}, is to be written.
     */
    public WriteOperation prepare(long handle, ByteBuf bytes, int length) {
        this.handle = handle;
        this.bytes = bytes;
        this.length = length;
        return this;
    }

    @Override
    protected int start(long overlappedAddress) {
        long address = DirectMemory.addressOf(bytes, bytes.readerIndex(), length);
        return Kernel32.WriteFile(handle, address, length, 0, overlappedAddress)
                ? Win32Error.SUCCESS
                : Win32Error.last().code();
    }

    /** Gives the bytes back: once the write is over, or didn't begin. */
    public void releaseBytes() {
        ByteBuf bytes = this.bytes;
        if (bytes != null) {
            this.bytes = null;
            bytes.release();
        }
    }

    public int length() {
        return length;
    }
}
