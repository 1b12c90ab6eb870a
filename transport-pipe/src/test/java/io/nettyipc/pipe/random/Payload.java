/* Copyright 2026 The Netty IPC Authors. Licensed under the Apache License, Version 2.0; see LICENSE. */
package io.nettyipc.pipe.random;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.CompositeByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.DefaultFileRegion;

/** The kinds of messages that carry bytes. */
enum Payload {
    HEAP,
    DIRECT,
    COMPOSITE,
    READ_ONLY,
    SLICE,
    /** Of the channel's allocator. */
    ALLOCATED,
    FILE_REGION;

    Object create(int begin, int length, ByteBufAllocator allocator) {
        return switch (this) {
            case HEAP -> fill(Unpooled.buffer(length), begin, length);
            case DIRECT -> fill(Unpooled.directBuffer(length), begin, length);
            case COMPOSITE -> composite(begin, length);
            case READ_ONLY -> fill(Unpooled.directBuffer(length), begin, length).asReadOnly();
            case SLICE -> slice(begin, length);
            case ALLOCATED -> fill(allocator.buffer(length), begin, length);
            case FILE_REGION -> new DefaultFileRegion(Pattern.file(), begin, length);
        };
    }

    private static ByteBuf fill(ByteBuf buffer, int begin, int length) {
        return buffer.writeBytes(Pattern.BYTES, begin, length);
    }

    private static ByteBuf composite(int begin, int length) {
        CompositeByteBuf buffer = Unpooled.compositeBuffer();
        int third = length / 3;
        buffer.addComponent(true, fill(Unpooled.buffer(), begin, third));
        buffer.addComponent(true, fill(Unpooled.directBuffer(), begin + third, third));
        return buffer.addComponent(true, fill(Unpooled.buffer(), begin + 2 * third, length - 2 * third));
    }

    private static ByteBuf slice(int begin, int length) {
        ByteBuf whole = Unpooled.directBuffer(length + 7).writeZero(3);
        fill(whole, begin, length).writeZero(4);
        return whole.slice(3, length);
    }
}
