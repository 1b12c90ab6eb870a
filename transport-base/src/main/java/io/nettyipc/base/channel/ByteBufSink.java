/* Copyright 2026 The Netty IPC Authors. Licensed under the Apache License, Version 2.0; see LICENSE. */
package io.nettyipc.base.channel;

import io.netty.buffer.ByteBuf;
import java.nio.ByteBuffer;
import java.nio.channels.WritableByteChannel;

/** Takes as many bytes of a {@link io.netty.channel.FileRegion} as a buffer has room for. */
public final class ByteBufSink implements WritableByteChannel {

    private final ByteBuf target;

    public ByteBufSink(ByteBuf target) {
        this.target = target;
    }

    @Override
    public int write(ByteBuffer source) {
        int length = Math.min(source.remaining(), target.writableBytes());
        ByteBuffer part = source.slice(source.position(), length);
        target.writeBytes(part);
        source.position(source.position() + length);
        return length;
    }

    @Override
    public boolean isOpen() {
        return true;
    }

    @Override
    public void close() {}
}
