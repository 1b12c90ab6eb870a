/* Copyright 2026 The Netty IPC Authors. Licensed under the Apache License, Version 2.0; see LICENSE. */
package io.nettyipc.codec;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandler.Sharable;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.EncoderException;
import io.netty.handler.codec.MessageToMessageEncoder;
import java.util.List;

/**
 * Puts its length before each {@link ByteBuf} as a varint of the fewest bytes: the counterpart of {@link
 * VarintFrameDecoder}.
 *
 * <pre>
 * before encoding (300 bytes)               after encoding (302 bytes)
 * +-----------------+                       +--------+-----------------+
 * | Content         |                       | Length | Content         |
 * | (300 bytes)     |  -------------------&gt; | 0xAC02 | (300 bytes)     |
 * +-----------------+                       +--------+-----------------+
 * </pre>
 *
 * <p>The write of a longer frame than the limit fails with an {@link EncoderException}.
 */
@Sharable
public final class VarintFrameEncoder extends MessageToMessageEncoder<ByteBuf> {

    private final int maxFrameLength;

    /**
     * Creates an encoder.
     *
     * @param maxFrameLength the longest content accepted, in bytes; at least 1
     */
    public VarintFrameEncoder(int maxFrameLength) {
        super(ByteBuf.class);
        this.maxFrameLength = StrictFrameDecoder.checkLimit(maxFrameLength);
    }

    @Override
    protected void encode(ChannelHandlerContext ctx, ByteBuf msg, List<Object> out) {
        int length = msg.readableBytes();
        if (length > maxFrameLength) {
            throw new EncoderException("a frame of " + length + " bytes, the limit is " + maxFrameLength);
        }
        ByteBuf header = FrameOutput.header(ctx, 5, msg);
        int rest = length;
        while (rest > 0x7F) {
            header.writeByte(rest | 0x80);
            rest >>>= 7;
        }
        header.writeByte(rest);
        FrameOutput.add(header, msg, out);
    }
}
