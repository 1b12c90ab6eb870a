/* Copyright 2026 The Netty IPC Authors. Licensed under the Apache License, Version 2.0; see LICENSE. */
package io.nettyipc.codec;

import static io.nettyipc.codec.Decoding.assertError;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.netty.buffer.AbstractByteBufAllocator;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.buffer.UnpooledByteBufAllocator;
import io.netty.buffer.UnpooledHeapByteBuf;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.codec.CorruptedFrameException;
import io.netty.handler.codec.EncoderException;
import io.netty.handler.codec.TooLongFrameException;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import java.util.zip.GZIPInputStream;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class GrpcMessageTest {

    private static final String HELLO = "HELLO, WORLD";

    /** Written by grpc-java 1.85.1's MessageFramer: HELLO, an empty message, one of the byte 1. */
    private static final String PLAIN_BY_GRPC_JAVA = "000000000c48454c4c4f2c20574f524c440000000000000000000101";
    /** The same with Codec.Gzip: 100 times "abc", HELLO with compression switched off, an empty message, HELLO. */
    private static final String GZIP_BY_GRPC_JAVA = "010000001b1f8b08000000000000ff4b4c4a4e1c45c4210084b8c4d02c010000"
            + "000000000c48454c4c4f2c20574f524c440000000000"
            + "01000000201f8b08000000000000fff370f5f1f1d75108f70ff2710100800788a20c000000";

    @AfterEach
    void everythingIsReleased() {
        assertEquals(0, Decoding.unreleased());
    }

    @Test
    void decodesWhatGrpcJavaWrote() {
        assertEquals(List.of(HELLO, "", "\1"), new Decoding(gzipDecoder(1000)).readHex(PLAIN_BY_GRPC_JAVA).events);
        assertEquals(
                List.of("abc".repeat(100), HELLO, "", HELLO),
                new Decoding(gzipDecoder(1000)).readHex(GZIP_BY_GRPC_JAVA).events);
    }

    @Test
    void encodesPlainMessagesAsGrpcJavaDoes() {
        byte[] encoded = Decoding.encode(
                new GrpcMessageEncoder(1000), buffer(HELLO), buffer(""), new GrpcMessage(buffer("\1"), false));

        assertEquals(PLAIN_BY_GRPC_JAVA, HexFormat.of().formatHex(encoded));
    }

    @Test
    void compressesEachMessageAsItsSenderWantsWhatTheJdkDecompresses() throws IOException {
        String text = "abc".repeat(10_000);
        byte[] encoded = Decoding.encode(
                new GrpcMessageEncoder(100_000, GrpcCompressor.gzip()),
                new GrpcMessage(buffer(HELLO), false),
                new GrpcMessage(buffer(""), true),
                buffer(text));

        assertEquals("000000000c", HexFormat.of().formatHex(encoded, 0, 5));
        // As grpc-java, an empty message is not compressed.
        assertEquals("0000000000", HexFormat.of().formatHex(encoded, 17, 22));
        assertEquals(1, encoded[22]);
        byte[] gzip = Arrays.copyOfRange(encoded, 27, encoded.length);
        assertEquals(gzip.length, Unpooled.wrappedBuffer(encoded).getInt(23));
        try (GZIPInputStream in = new GZIPInputStream(new ByteArrayInputStream(gzip))) {
            assertEquals(text, new String(in.readAllBytes(), StandardCharsets.ISO_8859_1));
        }
    }

    @Test
    void compressesAndDecompressesAMessageOfSeveralBuffers() {
        byte[] encoded = Decoding.encode(
                new GrpcMessageEncoder(100, GrpcCompressor.gzip()),
                Unpooled.wrappedBuffer(buffer("HELLO"), buffer(", "), buffer("WORLD")));
        GrpcMessageDecoder decoder = gzipDecoder(100);
        decoder.setCumulator(GrpcMessageDecoder.COMPOSITE_CUMULATOR);
        Decoding decoding = new Decoding(decoder);
        for (byte b : encoded) {
            decoding.read(new byte[] {b});
        }

        assertEquals(List.of(HELLO), decoding.events);
    }

    @Test
    void aReservedFlagIsRefusedAndWhatFollowsIsDropped() {
        Decoding decoding =
                new Decoding(gzipDecoder(100)).readHex("02 00000001 41").readHex("00 00000001 41");

        assertError(CorruptedFrameException.class, "the compressed flag is 2, allowed are 0 and 1", decoding.close());
    }

    @Test
    void aCompressedMessageIsRefusedByItsHeaderWithoutACompressorForIt() {
        assertError(
                CorruptedFrameException.class,
                "the encoding is 'identity'",
                new Decoding(new GrpcMessageDecoder(100)).readHex("01 00000020"));
        assertError(
                CorruptedFrameException.class,
                "the encoding is 'snappy'",
                new Decoding(new GrpcMessageDecoder(100, "snappy", GrpcCompressor.gzip())).readHex("01 00000020"));
        // Others need none.
        assertEquals(
                List.of("A"),
                new Decoding(new GrpcMessageDecoder(100, "snappy", GrpcCompressor.gzip()))
                        .readHex("00 00000001 41")
                        .events);
    }

    @Test
    void aLengthOverTheLimitIsRefusedByItsHeader() {
        assertEquals(
                List.of(HELLO),
                new Decoding(new GrpcMessageDecoder(12)).readHex(PLAIN_BY_GRPC_JAVA.substring(0, 34)).events);
        assertError(
                TooLongFrameException.class,
                "announces 12 bytes, the limit is 11",
                new Decoding(new GrpcMessageDecoder(11)).readHex("00 0000000c"));
        assertError(
                TooLongFrameException.class,
                "announces 4294967295 bytes, the limit is 11",
                new Decoding(new GrpcMessageDecoder(11)).readHex("00 ffffffff"));
    }

    @Test
    void aMessageThatDecompressesToMoreThanTheLimitIsRefused() throws IOException {
        byte[] bomb = gzip(new byte[1 << 20]);

        assertEquals(
                1,
                new Decoding(gzipDecoder(1 << 20))
                        .read(compressedFrame(bomb))
                        .events
                        .size());
        assertError(
                TooLongFrameException.class,
                "more than the limit of " + ((1 << 20) - 1),
                new Decoding(gzipDecoder((1 << 20) - 1)).read(compressedFrame(bomb)));
    }

    @Test
    void compressedDataIsRefusedIfCutOffOrChanged() throws IOException {
        byte[] good = gzip(HELLO.getBytes(StandardCharsets.US_ASCII));
        for (int length = 0; length < good.length; length++) {
            assertInstanceOf(
                    CorruptedFrameException.class,
                    new Decoding(gzipDecoder(100))
                            .read(compressedFrame(Arrays.copyOf(good, length)))
                            .onlyException());
        }
        byte[] wrongChecksum = good.clone();
        wrongChecksum[good.length - 8] ^= 1;
        assertError(
                CorruptedFrameException.class,
                "checksum",
                new Decoding(gzipDecoder(100)).read(compressedFrame(wrongChecksum)));
    }

    @Test
    void compressedDataOfSeveralMembersOrWithSomethingBehindThemIsReadAsByTheJdk() throws IOException {
        byte[] hello = gzip(HELLO.getBytes(StandardCharsets.US_ASCII));
        byte[] badMember = gzip(new byte[10]);
        badMember[badMember.length - 1] ^= 1;
        for (byte[] behind : List.of(hello, gzip(new byte[0]), new byte[] {1, 2, 3}, new byte[60], new byte[] {31})) {
            byte[] compressed = concatenated(hello, behind);
            String expected;
            try (GZIPInputStream in = new GZIPInputStream(new ByteArrayInputStream(compressed))) {
                expected = new String(in.readAllBytes(), StandardCharsets.ISO_8859_1);
            }
            assertEquals(List.of(expected), new Decoding(gzipDecoder(100)).read(compressedFrame(compressed)).events);
        }
        assertError(
                CorruptedFrameException.class,
                "checksum",
                new Decoding(gzipDecoder(100)).read(compressedFrame(concatenated(hello, badMember))));
        assertThrows(
                TooLongFrameException.class,
                () -> GrpcCompressor.gzip()
                        .decompress(
                                UnpooledByteBufAllocator.DEFAULT,
                                Unpooled.wrappedBuffer(concatenated(hello, hello)),
                                2 * HELLO.length() - 1));
    }

    private static byte[] concatenated(byte[] first, byte[] second) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.writeBytes(first);
        out.writeBytes(second);
        return out.toByteArray();
    }

    @Test
    void manyEmptyGzipMembersDoNotOverflowTheStack() throws IOException {
        byte[] empty = gzip(new byte[0]);
        ByteArrayOutputStream members = new ByteArrayOutputStream();
        for (int i = 0; i < 100_000; i++) {
            members.writeBytes(empty);
        }

        assertEquals(
                List.of(""), new Decoding(gzipDecoder(1 << 22)).read(compressedFrame(members.toByteArray())).events);
    }

    @Test
    void aLongMessageIsCopiedAboutOnceWhileItsBufferGrows() throws IOException {
        int length = 8 * 1024 * 1024;
        byte[] random = new byte[length];
        new Random(1).nextBytes(random);
        for (byte[] data : List.of(new byte[length], random)) {
            CountingAllocator counting = new CountingAllocator();
            ByteBuf compressed = GrpcCompressor.gzip().compress(counting, Unpooled.wrappedBuffer(data));
            assertTrue(counting.allocated <= 4L * length, () -> "compressing: " + counting.allocated);
            counting.allocated = 0;
            ByteBuf decompressed = GrpcCompressor.gzip().decompress(counting, compressed, Integer.MAX_VALUE);
            assertTrue(counting.allocated <= 4L * length, () -> "decompressing: " + counting.allocated);
            assertEquals(Unpooled.wrappedBuffer(data), decompressed);
            compressed.release();
            decompressed.release();
        }
    }

    /** Above some mebibytes Netty's buffers grow by little unless they are told how much more to take. */
    @Test
    void aMessageThatInflatesToMoreThan64MebibytesIsCopiedAboutOnceToo() throws IOException {
        int length = (64 << 20) + 1;
        byte[] compressed = gzip(new byte[length]);
        CountingAllocator counting = new CountingAllocator();

        ByteBuf message = GrpcCompressor.gzip().decompress(counting, Unpooled.wrappedBuffer(compressed), length);

        assertEquals(length, message.readableBytes());
        assertTrue(counting.allocated <= 4L * length, () -> "decompressing: " + counting.allocated);
        message.release();
        counting.allocated = 0;
        assertThrows(
                TooLongFrameException.class,
                () -> GrpcCompressor.gzip().decompress(counting, Unpooled.wrappedBuffer(compressed), length - 1));
        assertTrue(counting.allocated <= 4L * length, () -> "refusing: " + counting.allocated);
    }

    /** Counts the bytes of all arrays that its buffers ever have. */
    private static final class CountingAllocator extends AbstractByteBufAllocator {
        private long allocated;

        @Override
        protected ByteBuf newHeapBuffer(int initialCapacity, int maxCapacity) {
            return new UnpooledHeapByteBuf(this, initialCapacity, maxCapacity) {
                @Override
                protected byte[] allocateArray(int capacity) {
                    allocated += capacity;
                    return super.allocateArray(capacity);
                }
            };
        }

        @Override
        protected ByteBuf newDirectBuffer(int initialCapacity, int maxCapacity) {
            return newHeapBuffer(initialCapacity, maxCapacity);
        }

        @Override
        public boolean isDirectBufferPooled() {
            return false;
        }
    }

    @Test
    void gzipHeadersMayHaveAllTheirOptionalFields() throws IOException {
        byte[] good = gzip(HELLO.getBytes(StandardCharsets.US_ASCII));
        good[3] = 2 + 4 + 8 + 16;
        ByteArrayOutputStream withFields = new ByteArrayOutputStream();
        withFields.write(good, 0, 10);
        withFields.writeBytes(new byte[] {3, 0, 'x', 'y', 'z', 'n', 'a', 'm', 'e', 0, 'c', 0, 1, 2});
        withFields.write(good, 10, good.length - 10);

        assertEquals(
                List.of(HELLO), new Decoding(gzipDecoder(100)).read(compressedFrame(withFields.toByteArray())).events);
    }

    @Test
    void messagesThatCantBeEncodedFailTheirWrite() {
        EmbeddedChannel plain = new EmbeddedChannel(new GrpcMessageEncoder(3));
        ByteBuf tooLong = buffer("four");
        ByteBuf toCompress = buffer("two");

        assertThrows(EncoderException.class, () -> plain.writeOutbound(tooLong));
        assertThrows(EncoderException.class, () -> plain.writeOutbound(new GrpcMessage(toCompress, true)));

        assertEquals(0, tooLong.refCnt());
        assertEquals(0, toCompress.refCnt());
        assertEquals(0, plain.outboundMessages().size());
    }

    private static GrpcMessageDecoder gzipDecoder(int limit) {
        return new GrpcMessageDecoder(limit, "gzip", GrpcCompressor.gzip());
    }

    private static byte[] gzip(byte[] data) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (GZIPOutputStream gzip = new GZIPOutputStream(out)) {
            gzip.write(data);
        }
        return out.toByteArray();
    }

    private static byte[] compressedFrame(byte[] data) {
        byte[] frame = new byte[5 + data.length];
        Unpooled.wrappedBuffer(frame).setByte(0, 1).setInt(1, data.length).setBytes(5, data);
        return frame;
    }

    private static ByteBuf buffer(String text) {
        return Unpooled.copiedBuffer(text, StandardCharsets.US_ASCII);
    }
}
