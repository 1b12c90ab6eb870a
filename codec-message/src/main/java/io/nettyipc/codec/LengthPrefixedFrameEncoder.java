/* Copyright 2026 The Netty IPC Authors. Licensed under the Apache License, Version 2.0; see LICENSE. */
package io.nettyipc.codec;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandler.Sharable;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.EncoderException;
import io.netty.handler.codec.LengthFieldPrepender;
import java.nio.ByteOrder;
import java.util.List;

/**
 * Puts its length before each {@link ByteBuf}: the counterpart of {@link LengthPrefixedFrameDecoder}.
 *
 * <pre>
 * before encoding (12 bytes)        UINT32_LE, after encoding (16 bytes)
 * +----------------+                +------------+----------------+
 * | Content        |                | Length     | Content        |
 * | "HELLO, WORLD" |  -----------&gt;  | 0x0C000000 | "HELLO, WORLD" |
 * +----------------+                +------------+----------------+
 * </pre>
 *
 * <p>The write of a longer frame than the limit fails with an {@link EncoderException}.
 */
@Sharable
public final class LengthPrefixedFrameEncoder extends LengthFieldPrepender {

    private final LengthField lengthField;
    private final int maxFrameLength;

    /**
     * Creates an encoder.
     *
     * @param lengthField the form of the length
     * @param maxFrameLength the longest content accepted, in bytes; at least 1. What a {@code lengthField} of 2 bytes
     *     can't announce is refused too.
     */
    public LengthPrefixedFrameEncoder(LengthField lengthField, int maxFrameLength) {
        super(lengthField.byteOrder(), lengthField.length(), 0, false);
        this.lengthField = lengthField;
        this.maxFrameLength = Math.min(StrictFrameDecoder.checkLimit(maxFrameLength), lengthField.maxValue());
    }

    /** {@return a new encoder for the SSH agent protocol; see {@link LengthPrefixedFrameDecoder#sshAgent()}} */
    public static LengthPrefixedFrameEncoder sshAgent() {
        return new LengthPrefixedFrameEncoder(LengthField.UINT32, LengthPrefixedFrameDecoder.SSH_AGENT_MAX_LENGTH);
    }

    @Override
    protected void encode(ChannelHandlerContext ctx, ByteBuf msg, List<Object> out) throws Exception {
        int length = msg.readableBytes();
        if (length > maxFrameLength) {
            throw new EncoderException("a frame of " + length + " bytes, the limit is " + maxFrameLength);
        }
        if (lengthField.byteOrder() == ByteOrder.BIG_ENDIAN && !FrameOutput.isShort(msg)) {
            super.encode(ctx, msg, out);
            return;
        }
        // Not super, which would wrap a little-endian header's buffer once more.
        ByteBuf header = FrameOutput.header(ctx, lengthField.length(), msg);
        lengthField.write(header, length);
        FrameOutput.add(header, msg, out);
    }
}
