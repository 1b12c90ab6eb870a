/* Copyright 2026 The Netty IPC Authors. Licensed under the Apache License, Version 2.0; see LICENSE. */
package io.nettyipc.codec.lent;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.CompositeByteBuf;
import io.netty.handler.codec.ByteToMessageDecoder;

/**
 * Joins what a decoder has with what comes, without a copy of what is read-only: that is large, and lies in memory that
 * its sender has lent. Its header comes in a buffer of its own, since encoders write it so. All else is copied as by
 * Netty's decoders, for which many small buffers are dearer than a copy.
 */
public final class LentInput implements ByteToMessageDecoder.Cumulator {

    public static final LentInput CUMULATOR = new LentInput();

    private LentInput() {}

    @Override
    public ByteBuf cumulate(ByteBufAllocator alloc, ByteBuf cumulation, ByteBuf in) {
        ByteToMessageDecoder.Cumulator cumulator = in.isReadOnly() && cumulation.isReadable()
                ? ByteToMessageDecoder.COMPOSITE_CUMULATOR
                : ByteToMessageDecoder.MERGE_CUMULATOR;
        return cumulator.cumulate(alloc, cumulation, in);
    }

    /**
     * {@return a retained slice} Of the buffer that came, if all of it is in one: that has an address, and stays as it
     * is while the decoder goes on joining.
     */
    public static ByteBuf slice(ByteBuf in, int index, int length) {
        if (length > 0 && in instanceof CompositeByteBuf joined) {
            int component = joined.toComponentIndex(index);
            ByteBuf came = joined.componentSlice(component);
            int offset = index - joined.toByteIndex(component);
            if (length <= came.readableBytes() - offset) {
                return came.retainedSlice(offset, length);
            }
        }
        return in.retainedSlice(index, length);
    }

    /** As {@link #slice}, of what is next, which is skipped. */
    public static ByteBuf readSlice(ByteBuf in, int length) {
        ByteBuf slice = slice(in, in.readerIndex(), length);
        in.skipBytes(length);
        return slice;
    }
}
