/* Copyright 2026 The Netty IPC Authors. Licensed under the Apache License, Version 2.0; see LICENSE. */
package io.nettyipc.codec;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandler.Sharable;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.MessageToMessageEncoder;
import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * Writes each {@link ByteBuf} as a message of the base protocol of language servers (LSP) and debug adapters (DAP): the
 * counterpart of {@link ContentLengthFrameDecoder}.
 *
 * <pre>
 * before encoding (17 bytes)                    after encoding (39 bytes)
 * +-------------------+                         +--------------------------+-------------+
 * | {"jsonrpc":"2.0"} |                         | "Content-Length: 17\r\n" | {"jsonrpc": |
 * |                   |  -------------------&gt;   | "\r\n"                   | "2.0"}      |
 * +-------------------+                         +--------------------------+-------------+
 * </pre>
 *
 * <p>The content should be UTF-8, which is the protocol's default and the only charset that LSP has; it is not looked
 * at.
 */
@Sharable
public final class ContentLengthFrameEncoder extends MessageToMessageEncoder<ByteBuf> {

    private static final byte[] NAME = "Content-Length: ".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] END = "\r\n\r\n".getBytes(StandardCharsets.US_ASCII);
    private static final int MAX_DIGITS = 10;

    /** Creates an encoder. */
    public ContentLengthFrameEncoder() {
        super(ByteBuf.class);
    }

    @Override
    protected void encode(ChannelHandlerContext ctx, ByteBuf msg, List<Object> out) {
        ByteBuf header = FrameOutput.header(ctx, NAME.length + MAX_DIGITS + END.length, msg);
        header.writeBytes(NAME);
        writeDecimal(header, msg.readableBytes());
        header.writeBytes(END);
        FrameOutput.add(header, msg, out);
    }

    private static void writeDecimal(ByteBuf out, int value) {
        int unit = 1;
        while (value / unit > 9) {
            unit *= 10;
        }
        for (; unit > 0; unit /= 10) {
            out.writeByte('0' + value / unit % 10);
        }
    }
}
