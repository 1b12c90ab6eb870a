/* Copyright 2026 The Netty IPC Authors. Licensed under the Apache License, Version 2.0; see LICENSE. */
package io.nettyipc.codec;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.handler.codec.CorruptedFrameException;
import io.netty.handler.codec.TooLongFrameException;
import java.nio.charset.StandardCharsets;

/**
 * Splits a stream into lines of one JSON text in UTF-8 each, as JSON lines and the stdio transport of the Model Context
 * Protocol (MCP) have them.
 *
 * <pre>
 * before decoding (18 bytes)                after decoding (17 bytes)
 * +-------------------+------+              +-------------------+
 * | {"jsonrpc":"2.0"} | "\n" |  --------&gt;   | {"jsonrpc":"2.0"} |
 * +-------------------+------+              +-------------------+
 * </pre>
 *
 * <p>A line ends with {@code \n} or {@code \r\n}, the last one too. Empty lines are skipped. That a line is UTF-8 is checked,
 * that it is JSON is not.
 *
 * <p>Behaves as {@linkplain io.nettyipc.codec all decoders here}: for one channel, and after a refused line it stops. Errors:
 * {@link TooLongFrameException} for a line over the limit, {@link CorruptedFrameException} for one that isn't UTF-8,
 * {@link io.netty.handler.codec.PrematureChannelClosureException} for an input that ends within a line.
 */
public final class JsonLineDecoder extends StrictFrameDecoder {

    private final int maxLineLength;

    /** How much of the line was searched for its end, from the reader index. */
    private int scanned;

    /**
     * Creates a decoder.
     *
     * @param maxLineLength the longest line accepted, in bytes without its end; at least 1
     */
    public JsonLineDecoder(int maxLineLength) {
        this.maxLineLength = checkLimit(maxLineLength);
    }

    @Override
    ByteBuf frame(ByteBuf in) {
        int start = in.readerIndex();
        int lineFeed = in.indexOf(start + scanned, in.writerIndex(), (byte) '\n');
        int end = lineFeed < 0 ? in.writerIndex() : lineFeed;
        int length = end - start;
        if (length > 0 && in.getByte(end - 1) == '\r') {
            length--;
        }
        if (length > maxLineLength) {
            throw new TooLongFrameException("a line of " + (lineFeed < 0 ? "at least " : "") + length
                    + " bytes, the limit is " + maxLineLength);
        }
        if (lineFeed < 0) {
            scanned = end - start;
            return null;
        }
        scanned = 0;
        if (!ByteBufUtil.isText(in, start, length, StandardCharsets.UTF_8)) {
            throw new CorruptedFrameException("a line of " + length + " bytes that is not UTF-8");
        }
        ByteBuf line = length == 0 ? null : in.retainedSlice(start, length);
        in.readerIndex(lineFeed + 1);
        return line;
    }
}
