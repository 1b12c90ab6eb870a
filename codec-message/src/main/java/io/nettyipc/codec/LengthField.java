/* Copyright 2026 The Netty IPC Authors. Licensed under the Apache License, Version 2.0; see LICENSE. */
package io.nettyipc.codec;

import io.netty.buffer.ByteBuf;
import java.nio.ByteOrder;

/** Size and byte order of an unsigned length that stands before a frame. */
public enum LengthField {
    /** 2 bytes, most significant first. */
    UINT16(2, ByteOrder.BIG_ENDIAN),
    /** 2 bytes, least significant first. */
    UINT16_LE(2, ByteOrder.LITTLE_ENDIAN),
    /** 4 bytes, most significant first. */
    UINT32(4, ByteOrder.BIG_ENDIAN),
    /** 4 bytes, least significant first. */
    UINT32_LE(4, ByteOrder.LITTLE_ENDIAN),
    /** 8 bytes, most significant first. */
    UINT64(8, ByteOrder.BIG_ENDIAN),
    /** 8 bytes, least significant first. */
    UINT64_LE(8, ByteOrder.LITTLE_ENDIAN);

    private final int length;
    private final ByteOrder byteOrder;

    LengthField(int length, ByteOrder byteOrder) {
        this.length = length;
        this.byteOrder = byteOrder;
    }

    /** {@return the field's own size in bytes} */
    public int length() {
        return length;
    }

    /** {@return the field's byte order} */
    public ByteOrder byteOrder() {
        return byteOrder;
    }

    /** The largest frame that it can announce and a {@link ByteBuf} can hold. */
    int maxValue() {
        return length == 2 ? 0xFFFF : Integer.MAX_VALUE;
    }

    /** Appends it. */
    void write(ByteBuf out, int value) {
        switch (this) {
            case UINT16 -> out.writeShort(value);
            case UINT16_LE -> out.writeShortLE(value);
            case UINT32 -> out.writeInt(value);
            case UINT32_LE -> out.writeIntLE(value);
            case UINT64 -> out.writeLong(value);
            default -> out.writeLongLE(value);
        }
    }

    /** Without {@link ByteBuf#order(ByteOrder)}, which would allocate for each frame. */
    long read(ByteBuf in, int index) {
        return switch (this) {
            case UINT16 -> in.getUnsignedShort(index);
            case UINT16_LE -> in.getUnsignedShortLE(index);
            case UINT32 -> in.getUnsignedInt(index);
            case UINT32_LE -> in.getUnsignedIntLE(index);
            case UINT64 -> in.getLong(index);
            case UINT64_LE -> in.getLongLE(index);
        };
    }
}
