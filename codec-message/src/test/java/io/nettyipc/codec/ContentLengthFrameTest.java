/* Copyright 2026 The Netty IPC Authors. Licensed under the Apache License, Version 2.0; see LICENSE. */
package io.nettyipc.codec;

import static io.nettyipc.codec.Decoding.assertError;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.netty.buffer.Unpooled;
import io.netty.handler.codec.CorruptedFrameException;
import io.netty.handler.codec.TooLongFrameException;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ContentLengthFrameTest {

    private static final String INITIALIZE =
            "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"initialize\",\"params\":{\"name\":\"\u00e9\ud83d\ude00\"}}";
    private static final String EXIT = "{\"jsonrpc\":\"2.0\",\"method\":\"exit\"}";
    /** INITIALIZE and EXIT, written by vscode-jsonrpc 10.0.0's StreamMessageWriter. */
    private static final String BY_VSCODE_JSONRPC =
            "436f6e74656e742d4c656e6774683a2037330d0a0d0a7b226a736f6e727063223a22322e30222c226964223a312c226d6574686f64"
                    + "223a22696e697469616c697a65222c22706172616d73223a7b226e616d65223a22c3a9f09f9880227d7d"
                    + "436f6e74656e742d4c656e6774683a2033330d0a0d0a7b226a736f6e727063223a22322e30222c226d6574686f64"
                    + "223a2265786974227d";

    @AfterEach
    void everythingIsReleased() {
        assertEquals(0, Decoding.unreleased());
    }

    @Test
    void readsAndWritesWhatVscodeJsonrpcWrites() {
        byte[] initialize = INITIALIZE.getBytes(StandardCharsets.UTF_8);
        byte[] exit = EXIT.getBytes(StandardCharsets.UTF_8);

        assertEquals(
                List.of(new String(initialize, StandardCharsets.ISO_8859_1), EXIT),
                new Decoding(new ContentLengthFrameDecoder(100)).readHex(BY_VSCODE_JSONRPC).events);
        byte[] encoded = Decoding.encode(
                new ContentLengthFrameEncoder(), Unpooled.wrappedBuffer(initialize), Unpooled.wrappedBuffer(exit));
        assertEquals(BY_VSCODE_JSONRPC, HexFormat.of().formatHex(encoded));
    }

    @Test
    void writesTheHeaderOfTheProtocol() {
        for (int length : new int[] {0, 1, 9, 10, 99, 100, 12_345}) {
            byte[] encoded = Decoding.encode(new ContentLengthFrameEncoder(), Unpooled.wrappedBuffer(new byte[length]));

            assertEquals(
                    "Content-Length: " + length + "\r\n\r\n",
                    new String(encoded, 0, encoded.length - length, StandardCharsets.US_ASCII));
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Content-Length: 2\r\n\r\n",
                "content-length:2\r\n\r\n",
                "CONTENT-LENGTH: \t 2 \t\r\n\r\n",
                "Content-Length: 0002\r\n\r\n",
                "Content-Length: 2\r\nContent-Type: application/vscode-jsonrpc; charset=utf-8\r\n\r\n",
                "Content-Type: application/vscode-jsonrpc; charset=utf8\r\nContent-Length: 2\r\n\r\n",
                "Content-Type: x; a=b; CharSet=\"UTF-8\"; c\r\nContent-Length: 2\r\n\r\n",
                "Content-Type: no/charset\r\nContent-Length: 2\r\n\r\n",
                "X-Unknown: Content-Length: 7\r\nContent-Length: 2\r\n\r\n",
                "Content-Length: 2\r\nContent-Type: x; charset = 'utf-8' ; charset= \"UTF8\"\r\n\r\n"
            })
    void acceptsEveryFormOfTheHeader(String header) {
        for (boolean strict : new boolean[] {true, false}) {
            assertEquals(
                    List.of("{}", "[]"),
                    new Decoding(new ContentLengthFrameDecoder(10, 100, strict))
                            .read(header + "{}" + header + "[]")
                            .events);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "\r\nContent-Length: 2\r\n\r\n",
                "\n\r\n\nContent-Length: 2\r\n\r\n",
                "\u00ef\u00bb\u00bfContent-Length: 2\r\n\r\n",
                "\u00ef\u00bb\u00bf\r\nContent-Length: 2\r\n\r\n",
                "Listening for transport dt_socket at address: 5005\nContent-Length: 2\r\n\r\n",
                "INFO: ready\r\nContent-Length: 2\r\n\r\n",
                "INFO: ready\n\nwarning\n\tat a.B.c(B.java:3)\nContent-Length: 2\r\n\r\n",
                "Content-Length: 2\nX: 1\n\n",
                "Content-Length : 2\r\n\r\n",
                "Content-Length:\r\n 2\r\n\r\n",
                "Content-Length: 2\r\nContent-Length: 2\r\n\r\n",
                "Content-Length: 2\r\nContent-Type: x;\r\n charset=utf-8\r\n\r\n",
                "Content-Length: 2\r\nin the midst of it\r\n\tat a.B.c(B.java:3)\r\n\r\n",
                "X: \0\r\nContent-Length: 2\r\n\r\n"
            })
    void skipsWhatServersWriteBesideTheProtocolUnlessItIsStrict(String header) {
        String stream = header + "{}" + header + "[]\r\n";
        assertEquals(
                List.of("{}", "[]", Decoding.Event.INACTIVE),
                new Decoding(new ContentLengthFrameDecoder(10)).read(stream).close().events);
        Decoding pieces = new Decoding(new ContentLengthFrameDecoder(10));
        for (int i = 0; i < stream.length(); i++) {
            pieces.read(stream.substring(i, i + 1));
        }
        assertEquals(List.of("{}", "[]", Decoding.Event.INACTIVE), pieces.close().events);

        Decoding strict = new Decoding(new ContentLengthFrameDecoder(10, 100, true))
                .read(stream)
                .close();
        assertEquals(CorruptedFrameException.class, strict.onlyException().getClass());
    }

    @Test
    void skipsNoMoreThanAHeaderMayHaveBeforeEachMessage() {
        String log = "a line of sixteen\n";
        String header = "Content-Length: 2\r\n\r\n";
        String accepted = (log + log + header + "{}").repeat(3);
        int limit = 2 * log.length() + header.length();
        assertEquals(
                List.of("{}", "{}", "{}"),
                new Decoding(new ContentLengthFrameDecoder(10, limit)).read(accepted).events);
        assertError(
                TooLongFrameException.class,
                "the limit of " + limit + " bytes, of which 37 are none of a header",
                new Decoding(new ContentLengthFrameDecoder(10, limit)).read("\n" + log + log + header + "{}"));
    }

    @Test
    void aCharsetThatIsNotUtf8IsRefusedInAnyForm() {
        for (String parameter :
                List.of("charset=utf-16", "charset = latin1", "CHARSET='utf-16'", "a=b;\r\n charset=x")) {
            assertError(
                    CorruptedFrameException.class,
                    "charset other than utf-8",
                    decoding("Content-Length: 2\r\nContent-Type: x; " + parameter + "\r\n"));
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Content-Length: -1\r\n",
                "Content-Length: +1\r\n",
                "Content-Length: 0x2\r\n",
                "Content-Length: 2.0\r\n",
                "Content-Length: 2 2\r\n",
                "Content-Length: two\r\n",
                "Content-Length: 1e1\r\n"
            })
    void aContentLengthThatIsNoDecimalNumberIsRefused(String header) {
        assertError(
                CorruptedFrameException.class,
                "no decimal number, or a negative one: " + header.substring(16).trim(),
                decoding(header));
    }

    @Test
    void aStrictDecoderRefusesOtherBadHeaders() {
        assertError(CorruptedFrameException.class, "Content-Length is empty", strictly("Content-Length: \r\n"));
        assertError(CorruptedFrameException.class, "a header without Content-Length", strictly("\r\n"));
        assertError(CorruptedFrameException.class, "a header without Content-Length", strictly("X: 1\r\n\r\n"));
        assertError(
                CorruptedFrameException.class,
                "there twice: 2 and 2",
                strictly("Content-Length: 2\r\ncontent-length: 2\r\n"));
        assertError(
                CorruptedFrameException.class,
                "charset other than utf-8: utf-16",
                strictly("Content-Type: x; charset=utf-16\r\n"));
        assertError(CorruptedFrameException.class, "\\n instead of \\r\\n", strictly("Content-Length: 2\n"));
        assertError(CorruptedFrameException.class, "\\n instead of \\r\\n", strictly("\n"));
        assertError(CorruptedFrameException.class, "is no field: hello", strictly("hello\r\n"));
        assertError(CorruptedFrameException.class, "is no field: : 2", strictly(": 2\r\n"));
        assertError(CorruptedFrameException.class, "byte 0x20 in a field", strictly("Content-Length : 2\r\n"));
        assertError(CorruptedFrameException.class, "byte 0x0d in a field", strictly("Content-Length: 2\rX: 1\r\n"));
        assertError(CorruptedFrameException.class, "byte 0x00 in a field", strictly("X: \0\r\n"));
    }

    @Test
    void differentLengthsAreRefused() {
        assertError(
                CorruptedFrameException.class,
                "there twice: 2 and 3",
                decoding("Content-Length: 2\r\ncontent-length: 3\r\n"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"1001", "4294967298", "18446744073709551618", "99999999999999999999999999"})
    void aContentLengthOverTheLimitIsRefusedBeforeTheHeaderIsComplete(String length) {
        assertError(
                TooLongFrameException.class,
                "Content-Length is " + length + ", the limit is 1000",
                decoding("Content-Length: " + length + "\r\n"));
    }

    @Test
    void aHeaderOverItsLimitIsRefused() {
        String header = "Content-Length: 2\r\n\r\n";
        int length = header.length();
        assertEquals(List.of("{}"), new Decoding(new ContentLengthFrameDecoder(10, length)).read(header + "{}").events);
        assertError(
                TooLongFrameException.class,
                "the limit of " + (length - 1) + " bytes",
                new Decoding(new ContentLengthFrameDecoder(10, length - 1)).read(header + "{}"));
        assertError(
                TooLongFrameException.class,
                "the limit of 4096 bytes",
                new Decoding(new ContentLengthFrameDecoder(10)).read("x".repeat(4096)));
    }

    private static Decoding decoding(String input) {
        return decoding(new ContentLengthFrameDecoder(1000), input);
    }

    private static Decoding strictly(String input) {
        return decoding(new ContentLengthFrameDecoder(1000, 1000, true), input);
    }

    private static Decoding decoding(ContentLengthFrameDecoder decoder, String input) {
        return new Decoding(decoder)
                .read(input)
                .read("Content-Length: 2\r\n\r\n{}")
                .close();
    }
}
