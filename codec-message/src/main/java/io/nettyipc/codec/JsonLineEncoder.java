/* Copyright 2026 The Netty IPC Authors. Licensed under the Apache License, Version 2.0; see LICENSE. */
package io.nettyipc.codec;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandler.Sharable;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.EncoderException;
import io.netty.handler.codec.MessageToMessageEncoder;
import java.util.List;

/**
 * Writes each {@link ByteBuf} as a line that ends with {@code \n}: the counterpart of {@link JsonLineDecoder}.
 *
 * <pre>
 * before encoding (17 bytes)                after encoding (18 bytes)
 * +-------------------+                     +-------------------+------+
 * | {"jsonrpc":"2.0"} |  ---------------&gt;   | {"jsonrpc":"2.0"} | "\n" |
 * +-------------------+                     +-------------------+------+
 * </pre>
 *
 * <p>The write fails with an {@link EncoderException} if the text is empty, isn't UTF-8, or has a {@code \n} or
 * {@code \r} in it, which some readers take for a line's end too. JSON needs neither: in a string they are written as
 * escapes.
 */
@Sharable
public final class JsonLineEncoder extends MessageToMessageEncoder<ByteBuf> {

    private static final ByteBuf LINE_FEED = Unpooled.unreleasableBuffer(
            Unpooled.directBuffer(1, 1).writeByte('\n').asReadOnly());

    /** Creates an encoder. */
    public JsonLineEncoder() {
        super(ByteBuf.class);
    }

    @Override
    protected void encode(ChannelHandlerContext ctx, ByteBuf msg, List<Object> out) {
        if (!msg.isReadable()) {
            throw new EncoderException("an empty line is no JSON text");
        }
        int end = Utf8.scan(msg, msg.readerIndex(), msg.writerIndex(), '\n', '\r');
        if (end < msg.writerIndex()) {
            throw new EncoderException(
                    msg.getByte(end) < 0
                            ? "a JSON text of " + msg.readableBytes() + " bytes that is not UTF-8"
                            : "a line's end within the JSON text, at byte " + (end - msg.readerIndex()) + " of "
                                    + msg.readableBytes());
        }
        if (FrameOutput.isShort(msg)) {
            int length = msg.readableBytes();
            out.add(ctx.alloc()
                    .buffer(length + 1)
                    .writeBytes(msg, msg.readerIndex(), length)
                    .writeByte('\n'));
        } else {
            out.add(msg.retain());
            out.add(LINE_FEED.duplicate());
        }
    }
}
