/* Copyright 2026 The Netty IPC Authors. Licensed under the Apache License, Version 2.0; see LICENSE. */
package io.nettyipc.base.channel;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.channel.ChannelOutboundBuffer;
import io.netty.util.concurrent.FastThreadLocal;
import io.netty.util.internal.PlatformDependent;

/**
 * Makes one write of many small messages, since pipes have no gathering write. One for each event loop, so that copying
 * allocates nothing but the (pooled) buffer.
 */
public final class WriteCoalescer implements ChannelOutboundBuffer.MessageProcessor {

    private static final FastThreadLocal<WriteCoalescer> CURRENT = new FastThreadLocal<>() {
        @Override
        protected WriteCoalescer initialValue() {
            return new WriteCoalescer();
        }
    };

    private ByteBuf target;

    private WriteCoalescer() {}

    /** Returns the one of the calling event loop. */
    public static WriteCoalescer current() {
        return CURRENT.get();
    }

    /** A direct buffer with the first flushed bytes, {@code maxBytes} at most. Messages stay where they are. */
    public ByteBuf coalesce(ChannelOutboundBuffer in, ByteBufAllocator allocator, int maxBytes) {
        int size = (int) Math.min(maxBytes, Math.max(1, in.totalPendingWriteBytes()));
        ByteBuf bytes = allocator.directBuffer(size, size);
        target = bytes;
        try {
            in.forEachFlushedMessage(this);
        } catch (Throwable t) {
            bytes.release();
            // The processor throws nothing checked.
            PlatformDependent.throwException(t);
        } finally {
            target = null;
        }
        return bytes;
    }

    @Override
    public boolean processMessage(Object msg) {
        if (!(msg instanceof ByteBuf source) || ReleasedWrites.isReleased(source)) {
            return false;
        }
        int length = Math.min(source.readableBytes(), target.writableBytes());
        target.writeBytes(source, source.readerIndex(), length);
        return target.isWritable();
    }
}
