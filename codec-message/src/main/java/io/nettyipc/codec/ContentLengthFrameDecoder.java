/* Copyright 2026 The Netty IPC Authors. Licensed under the Apache License, Version 2.0; see LICENSE. */
package io.nettyipc.codec;

import io.netty.buffer.ByteBuf;
import io.netty.handler.codec.CorruptedFrameException;
import io.netty.handler.codec.TooLongFrameException;
import io.netty.util.internal.logging.InternalLogger;
import io.netty.util.internal.logging.InternalLoggerFactory;
import io.nettyipc.codec.lent.LentInput;

/**
 * Splits the base protocol of language servers (LSP) and debug adapters (DAP) into a {@link ByteBuf} with the content
 * of each message.
 *
 * <pre>
 * before decoding (39 bytes)                     after decoding (17 bytes)
 * +--------------------------+-------------+     +-------------------+
 * | "Content-Length: 17\r\n" | {"jsonrpc": |     | {"jsonrpc":"2.0"} |
 * | "\r\n"                   | "2.0"}      | --&gt; |                   |
 * +--------------------------+-------------+     +-------------------+
 * </pre>
 *
 * <p>A header field is {@code name: value} and ends with {@code \r\n}; an empty line ends the header. Names are
 * compared without regard to case. {@code Content-Length} is in bytes. {@code Content-Type} may name the charset
 * {@code utf-8}, also as {@code utf8}, which LSP asks for; its media type and all other fields are ignored. The content
 * itself is not looked at, and may be empty.
 *
 * <p>Servers send more than that: a byte order mark first, empty lines between messages, what somebody has printed or
 * logged to standard output, line ends of {@code \n} alone, folded fields. All that is accepted and skipped, as long as
 * it is no more than the longest header together with the header that follows. What was skipped is logged: the first
 * line that is not empty at the level <i>info</i>, the others at <i>debug</i>. A decoder that is created as strict
 * refuses it.
 *
 * <p>Behaves as {@linkplain io.nettyipc.codec all decoders here}: for one channel, and after a refused message it
 * stops. Errors: {@link TooLongFrameException} for a header or content over its limit; {@link CorruptedFrameException}
 * for a {@code Content-Length} that is there twice with different values, negative or not a decimal number, and another
 * charset, if strict also for a {@code Content-Length} that is missing or there twice, and a line that is no field or
 * doesn't end with {@code \r\n}; {@link io.netty.handler.codec.PrematureChannelClosureException} for an input that ends
 * within a message.
 */
public final class ContentLengthFrameDecoder extends StrictFrameDecoder {

    private static final InternalLogger logger = InternalLoggerFactory.getInstance(ContentLengthFrameDecoder.class);

    private static final int DEFAULT_MAX_HEADER_LENGTH = 4096;

    private final int maxHeaderLength;
    private final boolean strict;
    private final ContentHeader header;

    /** Bytes skipped since the last message. */
    private int skipped;
    /** Whether a skipped line was logged. */
    private boolean reported;

    // All relative to the reader index, which stays at the header's first byte until the message is complete.
    private int lineStart;
    private int scanned;
    private int headerLength;

    /**
     * Creates a decoder that accepts headers of 4 KiB.
     *
     * @param maxContentLength the longest content accepted, in bytes; at least 1
     */
    public ContentLengthFrameDecoder(int maxContentLength) {
        this(maxContentLength, DEFAULT_MAX_HEADER_LENGTH);
    }

    /**
     * Creates a decoder.
     *
     * @param maxContentLength the longest content accepted, in bytes; at least 1
     * @param maxHeaderLength the longest header accepted, in bytes, with all line ends and what is skipped before it;
     *     at least 1
     */
    public ContentLengthFrameDecoder(int maxContentLength, int maxHeaderLength) {
        this(maxContentLength, maxHeaderLength, false);
    }

    /**
     * Creates a decoder.
     *
     * @param maxContentLength the longest content accepted, in bytes; at least 1
     * @param maxHeaderLength the longest header accepted, in bytes, with all line ends and what is skipped before it;
     *     at least 1
     * @param strict whether to refuse what the protocol doesn't allow instead of skipping it
     */
    public ContentLengthFrameDecoder(int maxContentLength, int maxHeaderLength, boolean strict) {
        this.header = new ContentHeader(checkLimit(maxContentLength), strict);
        this.maxHeaderLength = checkLimit(maxHeaderLength);
        this.strict = strict;
    }

    @Override
    ByteBuf frame(ByteBuf in) {
        if (headerLength == 0 && !readHeader(in)) {
            return null;
        }
        int contentLength = header.contentLength();
        if (in.readableBytes() - headerLength < contentLength) {
            return null;
        }
        in.skipBytes(headerLength);
        ByteBuf content = LentInput.readSlice(in, contentLength);
        begin();
        skipped = 0;
        return content;
    }

    /** Looks for the first line of a header. */
    private void begin() {
        header.clear();
        lineStart = 0;
        scanned = 0;
        headerLength = 0;
    }

    /** {@return whether the header is complete} */
    private boolean readHeader(ByteBuf in) {
        while (true) {
            int start = in.readerIndex();
            int limit = maxHeaderLength - skipped;
            int available = Math.min(in.readableBytes(), limit);
            int lineFeed = in.indexOf(start + scanned, start + available, (byte) '\n');
            if (lineFeed < 0) {
                if (available == limit) {
                    throw new TooLongFrameException("the header doesn't end within the limit of " + maxHeaderLength
                            + " bytes" + (skipped > 0 ? ", of which " + skipped + " are none of a header" : ""));
                }
                scanned = available;
                return false;
            }
            line(in, start + lineStart, lineFeed);
            if (headerLength > 0) {
                return true;
            }
        }
    }

    private void line(ByteBuf in, int line, int lineFeed) {
        int start = in.readerIndex();
        boolean first = lineStart == 0;
        int from = first && !strict ? line + ByteOrderMark.length(in, line, lineFeed) : line;
        int to = lineFeed > from && in.getByte(lineFeed - 1) == '\r' ? lineFeed - 1 : lineFeed;
        if (strict && to == lineFeed) {
            throw new CorruptedFrameException("a line of the header ends with \\n instead of \\r\\n: "
                    + ContentHeader.shown(in, line, lineFeed - line));
        }
        lineStart = lineFeed + 1 - start;
        scanned = lineStart;
        if (from == to) {
            if (header.contentLength() >= 0) {
                headerLength = lineStart;
                return;
            }
            if (strict) {
                throw new CorruptedFrameException("a header without Content-Length");
            }
            skip(in, line, to);
        } else if (!header.field(in, from, to)) {
            if (first) {
                skip(in, line, to);
            } else {
                // Stays where it is, within the header.
                report(in, from, to);
            }
        }
    }

    /** Drops all lines up to here, which are no header. */
    private void skip(ByteBuf in, int line, int to) {
        report(in, line, to);
        skipped += lineStart;
        in.skipBytes(lineStart);
        begin();
    }

    private void report(ByteBuf in, int line, int to) {
        int length = to - line;
        if (length > 0 && !reported) {
            reported = true;
            logger.info("skips a line that is no header: {}", ContentHeader.shown(in, line, length));
        } else if (logger.isDebugEnabled()) {
            logger.debug("skips a line that is no header: {}", ContentHeader.shown(in, line, length));
        }
    }
}
