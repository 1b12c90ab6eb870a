/* Copyright 2026 The Netty IPC Authors. Licensed under the Apache License, Version 2.0; see LICENSE. */
package io.nettyipc.codec;

import io.netty.buffer.ByteBuf;
import io.netty.handler.codec.CorruptedFrameException;
import io.netty.handler.codec.TooLongFrameException;
import java.nio.charset.StandardCharsets;

/**
 * Splits the base protocol of language servers (LSP) and debug adapters (DAP) into a {@link ByteBuf} with the content of
 * each message.
 *
 * <pre>
 * before decoding (39 bytes)                     after decoding (17 bytes)
 * +--------------------------+-------------+     +-------------------+
 * | "Content-Length: 17\r\n" | {"jsonrpc": |     | {"jsonrpc":"2.0"} |
 * | "\r\n"                   | "2.0"}      | --&gt; |                   |
 * +--------------------------+-------------+     +-------------------+
 * </pre>
 *
 * <p>A header field is {@code name: value} and ends with {@code \r\n}; an empty line ends the header. Names are compared
 * without regard to case. {@code Content-Length}, in bytes, must be there once. {@code Content-Type} may name the charset
 * {@code utf-8}, also as {@code utf8}, which LSP asks for; its media type and all other fields are ignored. The content
 * itself is not looked at, and may be empty.
 *
 * <p>Behaves as {@linkplain io.nettyipc.codec all decoders here}: for one channel, and after a refused message it stops. Errors:
 * {@link TooLongFrameException} for a header or content over its limit; {@link CorruptedFrameException} for a {@code
 * Content-Length} that is missing, there twice, negative or not a decimal number, another charset, a line that is no field
 * or doesn't end with {@code \r\n}; {@link io.netty.handler.codec.PrematureChannelClosureException} for an input that ends
 * within a message.
 */
public final class ContentLengthFrameDecoder extends StrictFrameDecoder {

    private static final int DEFAULT_MAX_HEADER_LENGTH = 4096;
    private static final int SHOWN_LENGTH = 64;
    private static final byte[] CONTENT_LENGTH = "content-length".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] CONTENT_TYPE = "content-type".getBytes(StandardCharsets.US_ASCII);
    private static final String CHARSET = "charset=";

    private final int maxContentLength;
    private final int maxHeaderLength;

    // All relative to the reader index, which stays at the frame's first byte until the frame is complete.
    private int lineStart;
    private int scanned;
    private int headerLength;
    private int contentLength = -1;

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
     * @param maxHeaderLength the longest header accepted, in bytes, with all line ends; at least 1
     */
    public ContentLengthFrameDecoder(int maxContentLength, int maxHeaderLength) {
        this.maxContentLength = checkLimit(maxContentLength);
        this.maxHeaderLength = checkLimit(maxHeaderLength);
    }

    @Override
    ByteBuf frame(ByteBuf in) {
        if (headerLength == 0 && !header(in)) {
            return null;
        }
        if (in.readableBytes() - headerLength < contentLength) {
            return null;
        }
        in.skipBytes(headerLength);
        ByteBuf content = in.readRetainedSlice(contentLength);
        lineStart = 0;
        scanned = 0;
        headerLength = 0;
        contentLength = -1;
        return content;
    }

    /** {@return whether the header is complete} */
    private boolean header(ByteBuf in) {
        int start = in.readerIndex();
        int available = Math.min(in.readableBytes(), maxHeaderLength);
        while (true) {
            int lineFeed = in.indexOf(start + scanned, start + available, (byte) '\n');
            if (lineFeed < 0) {
                if (available == maxHeaderLength) {
                    throw new TooLongFrameException(
                            "the header doesn't end within the limit of " + maxHeaderLength + " bytes");
                }
                scanned = available;
                return false;
            }
            int line = start + lineStart;
            int length = lineFeed - 1 - line;
            if (length < 0 || in.getByte(lineFeed - 1) != '\r') {
                throw new CorruptedFrameException(
                        "a line of the header ends with \\n instead of \\r\\n: " + shown(in, line, lineFeed - line));
            }
            lineStart = lineFeed + 1 - start;
            scanned = lineStart;
            if (length == 0) {
                if (contentLength < 0) {
                    throw new CorruptedFrameException("a header without Content-Length");
                }
                headerLength = lineStart;
                return true;
            }
            field(in, line, length);
        }
    }

    private void field(ByteBuf in, int line, int length) {
        int end = line + length;
        int colon = in.indexOf(line, end, (byte) ':');
        if (colon <= line) {
            throw new CorruptedFrameException("a line of the header is no field: " + shown(in, line, length));
        }
        for (int i = line; i < end; i++) {
            int b = in.getUnsignedByte(i);
            boolean visible = b > 0x20 && b != 0x7F;
            boolean blankInValue = i > colon && (b == ' ' || b == '\t');
            if (!visible && !blankInValue) {
                throw new CorruptedFrameException(
                        String.format("byte 0x%02x in a field of the header: ", b) + shown(in, line, length));
            }
        }
        int value = colon + 1;
        while (value < end && isBlank(in.getByte(value))) {
            value++;
        }
        while (end > value && isBlank(in.getByte(end - 1))) {
            end--;
        }
        if (isName(in, line, colon, CONTENT_LENGTH)) {
            contentLength(in, value, end);
        } else if (isName(in, line, colon, CONTENT_TYPE)) {
            contentType(in.toString(value, end - value, StandardCharsets.US_ASCII));
        }
    }

    private void contentLength(ByteBuf in, int value, int end) {
        if (contentLength >= 0) {
            throw new CorruptedFrameException(
                    "Content-Length is there twice: " + contentLength + " and " + shown(in, value, end - value));
        }
        long length = 0;
        for (int i = value; i < end; i++) {
            int digit = in.getByte(i) - '0';
            if (digit < 0 || digit > 9) {
                throw new CorruptedFrameException(
                        "Content-Length is no decimal number, or a negative one: " + shown(in, value, end - value));
            }
            // Stays above the limit once it is there, instead of overflowing.
            length = length > maxContentLength ? length : length * 10 + digit;
        }
        if (value == end) {
            throw new CorruptedFrameException("Content-Length is empty");
        }
        if (length > maxContentLength) {
            throw new TooLongFrameException(
                    "Content-Length is " + shown(in, value, end - value) + ", the limit is " + maxContentLength);
        }
        contentLength = (int) length;
    }

    private static void contentType(String value) {
        int parameter = value.indexOf(';');
        while (parameter >= 0) {
            int next = value.indexOf(';', parameter + 1);
            String text = value.substring(parameter + 1, next < 0 ? value.length() : next)
                    .trim();
            if (text.regionMatches(true, 0, CHARSET, 0, CHARSET.length())) {
                String charset =
                        text.substring(CHARSET.length()).replace("\"", "").trim();
                if (!charset.equalsIgnoreCase("utf-8") && !charset.equalsIgnoreCase("utf8")) {
                    throw new CorruptedFrameException("Content-Type has a charset other than utf-8: "
                            + charset.substring(0, Math.min(charset.length(), SHOWN_LENGTH)));
                }
            }
            parameter = next;
        }
    }

    private static boolean isBlank(byte b) {
        return b == ' ' || b == '\t';
    }

    private static boolean isName(ByteBuf in, int start, int end, byte[] lowerCase) {
        if (end - start != lowerCase.length) {
            return false;
        }
        for (int i = 0; i < lowerCase.length; i++) {
            int b = in.getByte(start + i);
            if ((b >= 'A' && b <= 'Z' ? b + ('a' - 'A') : b) != lowerCase[i]) {
                return false;
            }
        }
        return true;
    }

    private static String shown(ByteBuf in, int index, int length) {
        StringBuilder text = new StringBuilder();
        for (int i = index; i < index + Math.min(length, SHOWN_LENGTH); i++) {
            int b = in.getUnsignedByte(i);
            text.append(b >= 0x20 && b < 0x7F ? (char) b : '?');
        }
        return length > SHOWN_LENGTH ? text + "…" : text.toString();
    }
}
