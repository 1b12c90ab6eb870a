/* Copyright 2026 The Netty IPC Authors. Licensed under the Apache License, Version 2.0; see LICENSE. */
package io.nettyipc.codec;

import io.netty.buffer.ByteBuf;
import io.netty.handler.codec.CorruptedFrameException;
import io.netty.handler.codec.TooLongFrameException;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Set;

/** The header of a message of a language server: what its fields say, line by line. */
final class ContentHeader {

    private static final int SHOWN_LENGTH = 64;
    private static final Set<String> UTF_8 = Set.of("utf-8", "utf8");

    private final int maxContentLength;
    private final boolean strict;

    private int contentLength = -1;
    private Field last = Field.NONE;

    ContentHeader(int maxContentLength, boolean strict) {
        this.maxContentLength = maxContentLength;
        this.strict = strict;
    }

    private enum Field {
        NONE(""),
        CONTENT_LENGTH("content-length"),
        CONTENT_TYPE("content-type"),
        OTHER("");

        private final String lowerCase;

        Field(String lowerCase) {
            this.lowerCase = lowerCase;
        }

        private boolean isNamed(ByteBuf in, int start, int end) {
            if (end - start != lowerCase.length()) {
                return false;
            }
            for (int i = 0; i < lowerCase.length(); i++) {
                int b = in.getByte(start + i);
                if ((b >= 'A' && b <= 'Z' ? b + ('a' - 'A') : b) != lowerCase.charAt(i)) {
                    return false;
                }
            }
            return true;
        }
    }

    /** {@return what the header says, -1 if it has not said it} */
    int contentLength() {
        return contentLength;
    }

    void clear() {
        contentLength = -1;
        last = Field.NONE;
    }

    /**
     * Takes a line that isn't empty.
     *
     * @return whether it is a field, or goes on with one
     * @throws io.netty.handler.codec.DecoderException if what it says is not accepted
     */
    boolean field(ByteBuf in, int line, int end) {
        if (!strict && last != Field.NONE && isBlank(in.getByte(line))) {
            value(in, line, end);
            return true;
        }
        int colon = in.indexOf(line, end, (byte) ':');
        int nameEnd = colon;
        while (!strict && nameEnd > line && isBlank(in.getByte(nameEnd - 1))) {
            nameEnd--;
        }
        if (strict) {
            checkBytes(in, line, colon, end);
        } else if (!isName(in, line, nameEnd)) {
            // A folded line after it continues this field, and not the one before.
            last = last == Field.NONE ? Field.NONE : Field.OTHER;
            return false;
        }
        last = Field.CONTENT_LENGTH.isNamed(in, line, nameEnd)
                ? Field.CONTENT_LENGTH
                : Field.CONTENT_TYPE.isNamed(in, line, nameEnd) ? Field.CONTENT_TYPE : Field.OTHER;
        value(in, colon + 1, end);
        return true;
    }

    private static void checkBytes(ByteBuf in, int line, int colon, int end) {
        if (colon <= line) {
            throw new CorruptedFrameException("a line of the header is no field: " + shown(in, line, end - line));
        }
        for (int i = line; i < end; i++) {
            int b = in.getUnsignedByte(i);
            boolean visible = b > 0x20 && b != 0x7F;
            boolean blankInValue = i > colon && (b == ' ' || b == '\t');
            if (!visible && !blankInValue) {
                throw new CorruptedFrameException(
                        String.format("byte 0x%02x in a field of the header: ", b) + shown(in, line, end - line));
            }
        }
    }

    /** {@return whether it is a name as HTTP has it, which has no blanks, quotes or brackets} */
    private static boolean isName(ByteBuf in, int start, int end) {
        for (int i = start; i < end; i++) {
            int b = in.getByte(i);
            if (b <= 0x20 || b == 0x7F || "\"(),/:;<=>?@[\\]{}".indexOf(b) >= 0) {
                return false;
            }
        }
        return end > start;
    }

    private void value(ByteBuf in, int start, int end) {
        int from = start;
        int to = end;
        while (from < to && isBlank(in.getByte(from))) {
            from++;
        }
        while (to > from && isBlank(in.getByte(to - 1))) {
            to--;
        }
        if (last == Field.CONTENT_TYPE) {
            contentType(in.toString(from, to - from, StandardCharsets.US_ASCII));
        } else if (last == Field.CONTENT_LENGTH && from < to) {
            contentLength(in, from, to);
        } else if (last == Field.CONTENT_LENGTH && strict) {
            throw new CorruptedFrameException("Content-Length is empty");
        }
    }

    private void contentLength(ByteBuf in, int start, int end) {
        long length = 0;
        for (int i = start; i < end; i++) {
            int digit = in.getByte(i) - '0';
            if (digit < 0 || digit > 9) {
                throw new CorruptedFrameException(
                        "Content-Length is no decimal number, or a negative one: " + shown(in, start, end - start));
            }
            // Stays above the limit once it is there, instead of overflowing.
            length = length > maxContentLength ? length : length * 10 + digit;
        }
        if (contentLength >= 0 && (strict || contentLength != length)) {
            throw new CorruptedFrameException(
                    "Content-Length is there twice: " + contentLength + " and " + shown(in, start, end - start));
        }
        if (length > maxContentLength) {
            throw new TooLongFrameException(
                    "Content-Length is " + shown(in, start, end - start) + ", the limit is " + maxContentLength);
        }
        contentLength = (int) length;
    }

    private static void contentType(String value) {
        for (String parameter : value.split(";", -1)) {
            int equals = parameter.indexOf('=');
            if (equals >= 0 && parameter.substring(0, equals).trim().equalsIgnoreCase("charset")) {
                String charset = unquoted(parameter.substring(equals + 1).trim());
                if (!UTF_8.contains(charset.toLowerCase(Locale.ROOT))) {
                    throw new CorruptedFrameException("Content-Type has a charset other than utf-8: "
                            + charset.substring(0, Math.min(charset.length(), SHOWN_LENGTH)));
                }
            }
        }
    }

    private static String unquoted(String text) {
        int last = text.length() - 1;
        boolean quoted =
                last > 0 && (text.charAt(0) == '"' || text.charAt(0) == '\'') && text.charAt(last) == text.charAt(0);
        return quoted ? text.substring(1, last).trim() : text;
    }

    private static boolean isBlank(byte b) {
        return b == ' ' || b == '\t';
    }

    static String shown(ByteBuf in, int index, int length) {
        StringBuilder text = new StringBuilder();
        for (int i = index; i < index + Math.min(length, SHOWN_LENGTH); i++) {
            int b = in.getUnsignedByte(i);
            text.append(b >= 0x20 && b < 0x7F ? (char) b : '?');
        }
        return length > SHOWN_LENGTH ? text + "…" : text.toString();
    }
}
