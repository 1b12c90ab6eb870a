/* Copyright 2026 The Netty IPC Authors. Licensed under the Apache License, Version 2.0; see LICENSE. */
package io.nettyipc.codec;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.LengthFieldBasedFrameDecoder;
import io.netty.handler.codec.TooLongFrameException;
import io.nettyipc.codec.lent.LentInput;
import java.nio.ByteOrder;
import java.util.List;

/**
 * Netty's length field decoder for headers that end with the length of what follows, but it stops at the first frame
 * that it refuses instead of looking for the next one, and reports a frame that never ends.
 */
abstract class StrictLengthFieldDecoder extends LengthFieldBasedFrameDecoder {

    private final LengthField lengthField;
    private final int lengthFieldOffset;
    private final int maxContentLength;
    private boolean stopped;

    StrictLengthFieldDecoder(LengthField lengthField, int lengthFieldOffset, int maxContentLength) {
        super(
                lengthField.byteOrder(),
                maxFrameLength(lengthFieldOffset + lengthField.length(), maxContentLength),
                lengthFieldOffset,
                lengthField.length(),
                0,
                lengthFieldOffset + lengthField.length(),
                true);
        this.lengthField = lengthField;
        this.lengthFieldOffset = lengthFieldOffset;
        this.maxContentLength = maxContentLength;
        setCumulator(LentInput.CUMULATOR);
    }

    /** What Netty's decoder limits includes the header. */
    private static int maxFrameLength(int headerLength, int maxContentLength) {
        if (maxContentLength <= 0 || maxContentLength > Integer.MAX_VALUE - headerLength) {
            throw new IllegalArgumentException("limit: " + maxContentLength + " (expected: 1 to "
                    + (Integer.MAX_VALUE - headerLength) + " bytes)");
        }
        return headerLength + maxContentLength;
    }

    /**
     * Looks at the header's bytes before the length, once per frame and before anything of the frame is waited for.
     *
     * @throws io.netty.handler.codec.DecoderException if they are not allowed
     */
    void header(ByteBuf in, int index) {}

    /** Makes the message of a frame; the content is its to release or pass on. */
    Object message(ChannelHandlerContext ctx, ByteBuf content) {
        return content;
    }

    @Override
    protected final Object decode(ChannelHandlerContext ctx, ByteBuf in) throws Exception {
        if (stopped) {
            in.skipBytes(in.readableBytes());
            return null;
        }
        try {
            ByteBuf content = (ByteBuf) super.decode(ctx, in);
            return content == null ? null : message(ctx, content);
        } catch (Throwable cause) {
            stopped = true;
            in.skipBytes(in.readableBytes());
            throw cause;
        }
    }

    @Override
    protected final ByteBuf extractFrame(ChannelHandlerContext ctx, ByteBuf in, int index, int length) {
        return LentInput.slice(in, index, length);
    }

    @Override
    protected final long getUnadjustedFrameLength(ByteBuf in, int offset, int length, ByteOrder order) {
        header(in, offset - lengthFieldOffset);
        long contentLength = lengthField.read(in, offset);
        if (Long.compareUnsigned(contentLength, maxContentLength) > 0) {
            throw new TooLongFrameException("the header announces " + Long.toUnsignedString(contentLength)
                    + " bytes, the limit is " + maxContentLength);
        }
        return contentLength;
    }

    @Override
    protected final void decodeLast(ChannelHandlerContext ctx, ByteBuf in, List<Object> out) throws Exception {
        super.decodeLast(ctx, in, out);
        StrictFrameDecoder.endOfInput(ctx, in);
    }
}
