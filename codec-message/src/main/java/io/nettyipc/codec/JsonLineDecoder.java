/* Copyright 2026 The Netty IPC Authors. Licensed under the Apache License, Version 2.0; see LICENSE. */
package io.nettyipc.codec;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.ByteToMessageDecoder;
import io.netty.handler.codec.CorruptedFrameException;
import io.netty.handler.codec.PrematureChannelClosureException;
import io.netty.handler.codec.TooLongFrameException;
import java.util.List;

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
 * <p>A line ends with {@code \n} or {@code \r\n}; the last one may end with the input if it is an object, an array or a
 * string, whose own end shows that it is complete. Lines that are empty or blank are skipped, and a byte order mark
 * before the first one. That a line is UTF-8 is checked, that it is JSON is not.
 *
 * <p>Behaves as {@linkplain io.nettyipc.codec all decoders here}, but goes on with the next line after one that it
 * refuses. Each of those is one exception: {@link TooLongFrameException} for a line over the limit, as soon as it is,
 * {@link CorruptedFrameException} for one that isn't UTF-8; {@link PrematureChannelClosureException} for an input that
 * ends within a text.
 */
public final class JsonLineDecoder extends ByteToMessageDecoder {

    private final int maxLineLength;

    /** Whether no line has ended yet. */
    private boolean first = true;
    /** How much of the line was searched for its end, from the reader index. */
    private int scanned;
    /** Whether all that was searched is text. */
    private boolean text = true;
    /** Whether the line was refused before its end. */
    private boolean refused;

    /**
     * Creates a decoder.
     *
     * @param maxLineLength the longest line accepted, in bytes without its end; at least 1
     */
    public JsonLineDecoder(int maxLineLength) {
        this.maxLineLength = StrictFrameDecoder.checkLimit(maxLineLength);
    }

    @Override
    protected void decode(ChannelHandlerContext ctx, ByteBuf in, List<Object> out) {
        int start = in.readerIndex();
        int end = in.writerIndex();
        int lineFeed = lineFeed(in, start + scanned, end);
        if (lineFeed < 0) {
            if (!refused && contentEnd(in, start, end) - contentStart(in, start, end) > maxLineLength) {
                refuse(ctx, "at least ", contentEnd(in, start, end) - contentStart(in, start, end));
            }
            if (refused) {
                scanned = 0;
                in.readerIndex(end);
            }
            return;
        }
        if (!refused) {
            line(ctx, in, contentStart(in, start, lineFeed), contentEnd(in, start, lineFeed), out);
        }
        in.readerIndex(lineFeed + 1);
        first = false;
        scanned = 0;
        text = true;
        refused = false;
    }

    /** {@return where the line ends, or -1; then {@link #scanned} says how far to look no more} */
    private int lineFeed(ByteBuf in, int from, int end) {
        int at = from;
        if (text) {
            at = Utf8.scan(in, from, end, '\n', '\n');
            if (at < end) {
                if (in.getByte(at) == '\n') {
                    return at;
                }
                text = Utf8.isCut(in, at, end);
            }
        }
        if (!text) {
            int lineFeed = in.indexOf(at, end, (byte) '\n');
            if (lineFeed >= 0) {
                return lineFeed;
            }
            at = end;
        }
        scanned = at - in.readerIndex();
        return -1;
    }

    private void line(ChannelHandlerContext ctx, ByteBuf in, int start, int end, List<Object> out) {
        int length = end - start;
        if (length > maxLineLength) {
            refuse(ctx, "", length);
        } else if (!text) {
            ctx.fireExceptionCaught(new CorruptedFrameException("a line of " + length + " bytes that is not UTF-8"));
        } else if (!isBlank(in, start, end)) {
            out.add(in.retainedSlice(start, length));
        }
    }

    private void refuse(ChannelHandlerContext ctx, String atLeast, int length) {
        refused = true;
        ctx.fireExceptionCaught(
                new TooLongFrameException("a line of " + atLeast + length + " bytes, the limit is " + maxLineLength));
    }

    private int contentStart(ByteBuf in, int start, int end) {
        return first ? start + ByteOrderMark.length(in, start, end) : start;
    }

    private static int contentEnd(ByteBuf in, int start, int end) {
        return end > start && in.getByte(end - 1) == '\r' ? end - 1 : end;
    }

    private static boolean isBlank(ByteBuf in, int start, int end) {
        for (int i = start; i < end; i++) {
            byte b = in.getByte(i);
            if (b != ' ' && b != '\t' && b != '\r') {
                return false;
            }
        }
        return true;
    }

    @Override
    protected void decodeLast(ChannelHandlerContext ctx, ByteBuf in, List<Object> out) throws Exception {
        super.decodeLast(ctx, in, out);
        int rest = in.readableBytes();
        if (rest == 0) {
            return;
        }
        int start = contentStart(in, in.readerIndex(), in.writerIndex());
        int end = contentEnd(in, start, in.writerIndex());
        if (JsonText.isComplete(in, start, end)) {
            line(ctx, in, start, end, out);
        } else if (!isBlank(in, start, end)) {
            ctx.fireExceptionCaught(new PrematureChannelClosureException(
                    "the input ended within a frame, after " + rest + " bytes of it"));
        }
        in.skipBytes(rest);
        scanned = 0;
    }
}
