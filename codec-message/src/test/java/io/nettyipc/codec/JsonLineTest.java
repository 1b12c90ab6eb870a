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
        assertError(
                TooLongFrameException.class,
                "a line of 6 bytes, the limit is 5",
                new Decoding(new JsonLineDecoder(5)).read("123456\n7\n"));
    }

    @Test
    void aLineOverTheLimitIsRefusedBeforeItsEnd() {
        assertError(
                TooLongFrameException.class,
                "a line of at least 6 bytes, the limit is 5",
                new Decoding(new JsonLineDecoder(5))
                        .read("12345")
                        .read("6")
                        .read("\n7\n")
                        .close());
    }

    @Test
    void aLineThatIsNotUtf8IsRefused() {
        for (String bad :
                new String[] {"\u00ff", "\u00c0\u0080", "\u00ed\u00a0\u0080", "\u00f4\u0090\u0080\u0080", "\u00c3"}) {
            assertError(
                    CorruptedFrameException.class,
                    "a line of " + bad.length() + " bytes that is not UTF-8",
                    new Decoding(new JsonLineDecoder(10)).read(bad + "\n{}\n").close());
        }
    }

    @Test
    void whatIsUtf8IsWhatTheJdkDecodes() {
        Random random = new Random(3);
        int[] edges = {0x7F, 0x80, 0x8F, 0x90, 0x9F, 0xA0, 0xBF, 0xC1, 0xC2, 0xDF, 0xE0, 0xED, 0xEF, 0xF0, 0xF4, 0xF5};
        int good = 0;
        for (int i = 0; i < 50_000; i++) {
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
        assertTrue(good > 1000);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "{\n}", "{\r}", "\n", "{}\n", "{}\r\n"})
    void aTextWithALinesEndInItFailsItsWrite(String text) {
        assertRefused(Unpooled.copiedBuffer(text, StandardCharsets.UTF_8));
    }

    @Test
    void aTextThatIsNotUtf8FailsItsWrite() {
        assertRefused(Unpooled.copiedBuffer("\"\u00e9\"", StandardCharsets.ISO_8859_1));
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
