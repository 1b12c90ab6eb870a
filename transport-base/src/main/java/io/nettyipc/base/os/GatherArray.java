/* Copyright 2026 The Netty IPC Authors. Licensed under the Apache License, Version 2.0; see LICENSE. */
package io.nettyipc.base.os;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelOutboundBuffer;
import io.netty.util.IllegalReferenceCountException;
import io.netty.util.concurrent.FastThreadLocal;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/** The addresses and lengths of flushed messages, for one {@code writev}. One for each thread. */
public final class GatherArray implements ChannelOutboundBuffer.MessageProcessor {
    private static final FastThreadLocal<GatherArray> CURRENT = new FastThreadLocal<>() {
        @Override
        protected GatherArray initialValue() {
            return new GatherArray();
        }
    };

    /** Linux takes 1024. */
    private static final int MAX_COUNT = 256;

    private static final int MAX_BYTES = 4 * 1024 * 1024;
    private static final int VECTOR_SIZE = 16;

    private final ByteBuffer vectors =
            ByteBuffer.allocateDirect(MAX_COUNT * VECTOR_SIZE).order(ByteOrder.nativeOrder());
    private final long address = DirectMemory.addressOf(vectors);
    private int count;
    private int bytes;

    private GatherArray() {}

    /**
     * Returns this thread's array with as many of the flushed messages as fit, at most up to one that has been
     * released.
     *
     * @throws IllegalReferenceCountException if that is the first one
     */
    public static GatherArray of(ChannelOutboundBuffer in) throws Exception {
        GatherArray array = CURRENT.get();
        array.count = 0;
        array.bytes = 0;
        in.forEachFlushedMessage(array);
        return array;
    }

    @Override
    public boolean processMessage(Object msg) {
        int countBefore = count;
        int bytesBefore = bytes;
        try {
            return msg instanceof ByteBuf buf && add(buf);
        } catch (IllegalReferenceCountException e) {
            if (countBefore == 0) {
                throw e;
            }
            count = countBefore;
            bytes = bytesBefore;
            return false;
        }
    }

    private boolean add(ByteBuf buf) {
        if (!buf.isReadable()) {
            return true;
        }
        if (buf.nioBufferCount() == 1) {
            return add(DirectMemory.addressOf(buf, buf.readerIndex(), buf.readableBytes()), buf.readableBytes());
        }
        for (ByteBuffer part : buf.nioBuffers()) {
            if (part.hasRemaining() && !add(DirectMemory.addressOf(part), part.remaining())) {
                return false;
            }
        }
        return true;
    }

    private boolean add(long start, int length) {
        if (count == MAX_COUNT || (bytes > 0 && bytes + (long) length > MAX_BYTES)) {
            return false;
        }
        vectors.putLong(count * VECTOR_SIZE, start);
        vectors.putLong(count * VECTOR_SIZE + Long.BYTES, length);
        count++;
        bytes += length;
        return true;
    }

    long address() {
        return address;
    }

    public int count() {
        return count;
    }

    long firstAddress() {
        return vectors.getLong(0);
    }

    int firstLength() {
        return (int) vectors.getLong(Long.BYTES);
    }
}
