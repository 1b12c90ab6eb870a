/* Copyright 2026 The Netty IPC Authors. Licensed under the Apache License, Version 2.0; see LICENSE. */
package io.nettyipc.base.channel;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.PooledByteBufAllocator;
import io.nettyipc.base.os.Descriptor;
import io.nettyipc.base.os.DirectMemory;
import java.nio.ByteBuffer;
import java.nio.channels.WritableByteChannel;

/** Takes a limited number of bytes of a file region, and keeps the error that a return value of 0 would hide. */
final class RegionSink implements WritableByteChannel {
    private final Descriptor descriptor;
    private int left;
    private int error;

    RegionSink(Descriptor descriptor, int limit) {
        this.descriptor = descriptor;
        left = limit;
    }

    @Override
    public int write(ByteBuffer source) {
        int length = Math.min(source.remaining(), left);
        if (length == 0 || error != 0) {
            return 0;
        }
        int written =
                source.isDirect() ? descriptor.write(DirectMemory.addressOf(source), length) : copy(source, length);
        if (written < 0) {
            error = -written;
            return 0;
        }
        source.position(source.position() + written);
        left -= written;
        return written;
    }

    private int copy(ByteBuffer source, int length) {
        ByteBuf bytes = PooledByteBufAllocator.DEFAULT.directBuffer(length, length);
        try {
            bytes.writeBytes(source.duplicate().limit(source.position() + length));
            return descriptor.write(DirectMemory.addressOf(bytes, 0, length), length);
        } finally {
            bytes.release();
        }
    }

    int error() {
        return error;
    }

    @Override
    public boolean isOpen() {
        return true;
    }

    @Override
    public void close() {
        // The descriptor is the channel's.
    }
}
