/* Copyright 2026 The Netty IPC Authors. Licensed under the Apache License, Version 2.0; see LICENSE. */
package io.nettyipc.codec;

import io.netty.buffer.ByteBuf;

/** Looks for the end of a line and checks that it is UTF-8 (RFC 3629) in one pass, ASCII in eight bytes at a time. */
final class Utf8 {

    private static final long EACH_BYTE = 0x0101_0101_0101_0101L;
    private static final long HIGH_BITS = 0x8080_8080_8080_8080L;
    private static final long OTHER_BITS = 0x7F7F_7F7F_7F7F_7F7FL;

    private Utf8() {}

    /**
     * Passes over whole characters that are none of two in ASCII.
     *
     * @return the index of the first byte that is one of them, or begins no character, or not all of one; {@code end}
     *     if there is none
     */
    static int scan(ByteBuf in, int start, int end, char stop, char otherStop) {
        long stops = stop * EACH_BYTE;
        long otherStops = otherStop * EACH_BYTE;
        int index = start;
        while (end - index >= Long.BYTES) {
            long bytes = in.getLong(index);
            long found = (bytes & HIGH_BITS) | zeros(bytes ^ stops) | zeros(bytes ^ otherStops);
            if (found == 0) {
                index += Long.BYTES;
                continue;
            }
            index += Long.numberOfLeadingZeros(found) >>> 3;
            int length = in.getByte(index) < 0 ? character(in, index, end) : 0;
            if (length <= 0) {
                return index;
            }
            index += length;
        }
        while (index < end) {
            byte b = in.getByte(index);
            int length = b >= 0 ? (b == stop || b == otherStop ? 0 : 1) : character(in, index, end);
            if (length <= 0) {
                return index;
            }
            index += length;
        }
        return end;
    }

    /** {@return whether more bytes behind the end could make a character of those from the index on} */
    static boolean isCut(ByteBuf in, int index, int end) {
        return in.getByte(index) < 0 && character(in, index, end) < 0;
    }

    /** The highest bit of each byte that is 0. */
    private static long zeros(long bytes) {
        return ~(((bytes & OTHER_BITS) + OTHER_BITS) | bytes | OTHER_BITS);
    }

    /** {@return the length of the character that isn't ASCII, 0 if it is none, -1 if its end is missing} */
    private static int character(ByteBuf in, int index, int end) {
        int first = in.getUnsignedByte(index);
        if (first < 0xC2 || first > 0xF4) {
            return 0;
        }
        int length = first < 0xE0 ? 2 : first < 0xF0 ? 3 : 4;
        for (int i = 1; i < length; i++) {
            if (index + i == end) {
                return -1;
            }
            int b = in.getUnsignedByte(index + i);
            // The second byte's range excludes what has a shorter form, surrogates, and what is beyond Unicode.
            int min = i > 1 ? 0x80 : first == 0xE0 ? 0xA0 : first == 0xF0 ? 0x90 : 0x80;
            int max = i > 1 ? 0xBF : first == 0xED ? 0x9F : first == 0xF4 ? 0x8F : 0xBF;
            if (b < min || b > max) {
                return 0;
            }
        }
        return length;
    }
}
