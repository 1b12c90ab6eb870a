/* Copyright 2026 The Netty IPC Authors. Licensed under the Apache License, Version 2.0; see LICENSE. */
package io.nettyipc.codec;

import static io.nettyipc.codec.Decoding.assertError;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.codec.CorruptedFrameException;
import io.netty.handler.codec.EncoderException;
import io.netty.handler.codec.PrematureChannelClosureException;
import io.netty.handler.codec.TooLongFrameException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class JsonLineTest {

    @AfterEach
    void everythingIsReleased() {
        assertEquals(0, Decoding.unreleased());
    }

    @Test
    void aLineEndsWithLineFeedWithOrWithoutCarriageReturnAndEmptyOnesAreSkipped() {
        assertEquals(
                List.of("{}", "[1]", "2"), new Decoding(new JsonLineDecoder(10)).read("{}\n[1]\r\n\r\n\n2\r\n").events);
    }

    @Test
    void theLimitDoesNotCountTheLinesEnd() {
        assertEquals(
                List.of("12345", "12345"),
                new Decoding(new JsonLineDecoder(5)).read("12345\n12345\r").read("\n").events);
        assertRefused(
                TooLongFrameException.class,
                "a line of 6 bytes, the limit is 5",
                new Decoding(new JsonLineDecoder(5)).read("123456\n7\n"),
                "7");
    }

    /** One exception, and the next line. */
    private static void assertRefused(Class<?> type, String text, Decoding decoding, String next) {
        Throwable exception = decoding.onlyException();
        assertEquals(type, exception.getClass());
        assertEquals(text, exception.getMessage());
        assertEquals(List.of(exception, next), decoding.events);
    }

    @Test
    void aLineOverTheLimitIsRefusedOnceBeforeItsEndAndTheNextOneArrives() {
        assertRefused(
                TooLongFrameException.class,
                "a line of at least 6 bytes, the limit is 5",
                new Decoding(new JsonLineDecoder(5))
                        .read("12345")
                        .read("6")
                        .read("7890\u00ff")
                        .read("1234567890")
                        .read("\n7\n"),
                "7");
    }

    @Test
    void anInputThatEndsWithinALineOverTheLimitHasOneException() {
        assertError(
                TooLongFrameException.class,
                "at least 6 bytes",
                new Decoding(new JsonLineDecoder(5)).read("123456").read("7").close());
    }

    @Test
    void blankLinesAndAByteOrderMarkAtTheBeginningAreSkipped() {
        String mark = "\u00ef\u00bb\u00bf";
        String lines = mark + "{}\n \t\n\r\r\n  \r\n[1]\n";
        assertEquals(List.of("{}", "[1]"), new Decoding(new JsonLineDecoder(10)).read(lines).events);
        Decoding pieces = new Decoding(new JsonLineDecoder(3));
        for (int i = 0; i < lines.length(); i++) {
            pieces.read(lines.substring(i, i + 1));
        }
        assertEquals(List.of("{}", "[1]"), pieces.events);
        assertEquals(
                List.of("1", mark + "2"),
                new Decoding(new JsonLineDecoder(10)).read(mark + "\n1\n" + mark + "2\n").events);
    }

    @Test
    void aLineThatIsNotUtf8IsRefusedAndTheNextOneArrives() {
        for (String bad :
                new String[] {"\u00ff", "\u00c0\u0080", "\u00ed\u00a0\u0080", "\u00f4\u0090\u0080\u0080", "\u00c3"}) {
            for (int before = 0; before < 20; before++) {
                String line = "x".repeat(before) + bad;
                String message = "a line of " + line.length() + " bytes that is not UTF-8";
                assertRefused(
                        CorruptedFrameException.class,
                        message,
                        new Decoding(new JsonLineDecoder(30)).read(line + "\n{}\n"),
                        "{}");
                assertRefused(
                        CorruptedFrameException.class,
                        message,
                        new Decoding(new JsonLineDecoder(30))
                                .read(line)
                                .read("\r")
                                .read("\n{")
                                .read("}\n"),
                        "{}");
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"{\"a\":\"}\\\"{\"}", " [[],{}] ", "\"text\"", "{}\r", "\u00ef\u00bb\u00bf{}"})
    void theInputsEndEndsALineWithACompleteText(String line) {
        List<Object> expected = List.of("1", line.replace("\r", ""));
        if (line.startsWith("\u00ef")) {
            expected = List.of("{}");
        }
        Decoding decoding = new Decoding(new JsonLineDecoder(30));
        if (!line.startsWith("\u00ef")) {
            decoding.read("1\n");
        }
        for (int i = 0; i < line.length(); i++) {
            decoding.read(line.substring(i, i + 1));
        }

        assertEquals(expected, texts(decoding.close()));
    }

    @ParameterizedTest
    @ValueSource(strings = {"{", "{\"a\":\"}", "[[]", "{}]", "{} 1", "\"text", "\"\\\"", "123", "true", "[\u00ff"})
    void aTextThatMayGoOnIsNotPassedOnWhenTheInputEnds(String line) {
        assertError(
                PrematureChannelClosureException.class,
                "within a frame",
                new Decoding(new JsonLineDecoder(30)).read(line).close());
    }

    @Test
    void aLastLineThatIsNotUtf8IsRefusedAndABlankOneSkipped() {
        assertError(
                CorruptedFrameException.class,
                "a line of 3 bytes that is not UTF-8",
                new Decoding(new JsonLineDecoder(30)).read("[\u00ff]").close());
        assertEquals(
                List.of("{}"),
                texts(new Decoding(new JsonLineDecoder(30)).read("{}\n \t").close()));
    }

    /** Without the end itself. */
    private static List<Object> texts(Decoding decoding) {
        return decoding.events.stream().filter(String.class::isInstance).toList();
    }

    @Test
    void charactersOfSeveralBytesMayBeSplitAnywhere() {
        Random random = new Random(5);
        for (int i = 0; i < 2_000; i++) {
            StringBuilder text = new StringBuilder();
            for (int j = 1 + random.nextInt(30); j > 0; j--) {
                text.appendCodePoint(
                        new int[] {'x', 'x', 'x', 0x7F, 0x80, 0x7FF, 0x800, 0xD7FF, 0xE000, 0xFFFF, 0x10000, 0x10FFFF}
                                [random.nextInt(12)]);
            }
            byte[] line = (text + "\n").getBytes(StandardCharsets.UTF_8);
            String expected = new String(line, 0, line.length - 1, StandardCharsets.ISO_8859_1);
            assertEquals(List.of(expected), new Decoding(new JsonLineDecoder(200)).read(line, random).events);
        }
    }

    @Test
    void whatIsUtf8IsWhatTheJdkDecodes() {
        Random random = new Random(3);
        int[] edges = {0x7F, 0x80, 0x8F, 0x90, 0x9F, 0xA0, 0xBF, 0xC1, 0xC2, 0xDF, 0xE0, 0xED, 0xEF, 0xF0, 0xF4, 0xF5};
        int good = 0;
        for (int i = 0; i < 10_000; i++) {
            byte[] bytes = new byte[1 + random.nextInt(4)];
            for (int j = 0; j < bytes.length; j++) {
                bytes[j] = (byte) edges[random.nextInt(edges.length)];
            }
            boolean valid = isUtf8(bytes);
            good += valid ? 1 : 0;

            Decoding decoding =
                    new Decoding(new JsonLineDecoder(10)).read(bytes).read("\n");

            assertEquals(
                    valid,
                    decoding.events.get(0) instanceof String,
                    () -> "bytes " + HexFormat.of().formatHex(bytes));
        }
        assertTrue(good > 200);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "{\n}",
                "{\r}",
                "\n",
                "{}\n",
                "{}\r\n",
                "0123456789\n0123456789",
                "\u00e9\u00e9\u00e9\u00e9\r"
            })
    void aTextWithALinesEndInItFailsItsWrite(String text) {
        assertRefused(Unpooled.copiedBuffer(text, StandardCharsets.UTF_8));
    }

    @Test
    void aTextThatIsNotUtf8FailsItsWrite() {
        assertRefused(Unpooled.copiedBuffer("\"\u00e9\"", StandardCharsets.ISO_8859_1));
        assertRefused(Unpooled.copiedBuffer("0123456789\u00e9", StandardCharsets.ISO_8859_1));
    }

    @Test
    void manyTextsAreWrittenAsLines() {
        byte[] encoded = Decoding.encode(
                new JsonLineEncoder(),
                Unpooled.copiedBuffer("\"\u00e9\"", StandardCharsets.UTF_8),
                Unpooled.copiedBuffer("{}", StandardCharsets.UTF_8));

        assertEquals("\"\u00e9\"\n{}\n", new String(encoded, StandardCharsets.UTF_8));
    }

    private static void assertRefused(ByteBuf text) {
        EmbeddedChannel channel = new EmbeddedChannel(new JsonLineEncoder());
        assertThrows(EncoderException.class, () -> channel.writeOutbound(text));
        assertEquals(0, text.refCnt());
        assertEquals(0, channel.outboundMessages().size());
    }

    private static boolean isUtf8(byte[] bytes) {
        try {
            StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes));
            return true;
        } catch (CharacterCodingException e) {
            return false;
        }
    }
}
