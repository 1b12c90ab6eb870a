/* Copyright 2026 The Netty IPC Authors. Licensed under the Apache License, Version 2.0; see LICENSE. */
package io.nettyipc.codec;

import io.netty.buffer.ByteBuf;
import io.netty.handler.codec.CorruptedFrameException;
import io.netty.handler.codec.TooLongFrameException;
import io.nettyipc.codec.lent.LentInput;

/**
 * Splits a stream into frames that have their length in front as a varint of at most 32 bits, as delimited Protocol
 * Buffers have ({@code writeDelimitedTo}): 7 bits a byte, least significant first, the top bit set in all but the last.
 *
 * <pre>
 * before decoding (302 bytes)               after decoding (300 bytes)
 * +--------+-----------------+              +-----------------+
 * | Length | Content         |              | Content         |
 * | 0xAC02 | (300 bytes)     |  ----------&gt; | (300 bytes)     |
 * +--------+-----------------+              +-----------------+
 * </pre>
 *
 * <p>Behaves as {@linkplain io.nettyipc.codec all decoders here}: for one channel, and after a refused frame it stops.
 * A frame may be empty, a length may have more bytes than it needs. Errors: {@link TooLongFrameException} for a length
 * over the limit, {@link CorruptedFrameException} for one of more than 5 bytes or 32 bits, {@link
 * io.netty.handler.codec.PrematureChannelClosureException} for an input that ends within a frame.
 */
public final class VarintFrameDecoder extends StrictFrameDecoder {

    private static final int MAX_VARINT_LENGTH = 5;

    private final int maxFrameLength;

    /**
     * Creates a decoder.
     *
     * @param maxFrameLength the longest content accepted, in bytes; at least 1
     */
    public VarintFrameDecoder(int maxFrameLength) {
        this.maxFrameLength = checkLimit(maxFrameLength);
    }

    @Override
    ByteBuf frame(ByteBuf in) {
        int start = in.readerIndex();
        int available = in.readableBytes();
        long length = 0;
        for (int i = 0; i < available; i++) {
            byte b = in.getByte(start + i);
            length |= (b & 0x7FL) << (7 * i);
            if (b >= 0) {
                return frame(in, i + 1, length);
            }
            if (i == MAX_VARINT_LENGTH - 1) {
                throw new CorruptedFrameException("the length has more than " + MAX_VARINT_LENGTH + " bytes");
            }
        }
        return null;
    }

    private ByteBuf frame(ByteBuf in, int lengthOfLength, long length) {
        if (length > 0xFFFF_FFFFL) {
            throw new CorruptedFrameException("the length " + length + " has more than 32 bits");
        }
        if (length > maxFrameLength) {
            throw new TooLongFrameException(
                    "the header announces " + length + " bytes, the limit is " + maxFrameLength);
        }
        if (in.readableBytes() - lengthOfLength < length) {
            return null;
        }
        in.skipBytes(lengthOfLength);
        return LentInput.readSlice(in, (int) length);
    }
}
