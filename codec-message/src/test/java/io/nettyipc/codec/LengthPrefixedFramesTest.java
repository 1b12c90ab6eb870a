/* Copyright 2026 The Netty IPC Authors. Licensed under the Apache License, Version 2.0; see LICENSE. */
package io.nettyipc.codec;

import static io.nettyipc.codec.Decoding.assertError;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandler;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.codec.CorruptedFrameException;
import io.netty.handler.codec.EncoderException;
import io.netty.handler.codec.TooLongFrameException;
import io.netty.util.ReferenceCountUtil;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class LengthPrefixedFramesTest {

    @AfterEach
    void everythingIsReleased() {
        assertEquals(0, Decoding.unreleased());
    }

    @ParameterizedTest
    @CsvSource({
        "UINT16, 0005",
        "UINT16_LE, 0500",
        "UINT32, 00000005",
        "UINT32_LE, 05000000",
        "UINT64, 0000000000000005",
        "UINT64_LE, 0500000000000000"
    })
    void theLengthHasItsSizeAndByteOrder(LengthField lengthField, String length) {
        byte[] encoded = Decoding.encode(new LengthPrefixedFrameEncoder(lengthField, 5), buffer("HELLO"));

        assertEquals(length + "48454c4c4f", HexFormat.of().formatHex(encoded));
        assertEquals(
                List.of("HELLO"), new Decoding(new LengthPrefixedFrameDecoder(lengthField, 5)).read(encoded).events);
    }

    @ParameterizedTest
    @CsvSource({
        "UINT16, 0006, 6",
        "UINT16, ffff, 65535",
        "UINT16_LE, 0600, 6",
        "UINT32, 00000006, 6",
        "UINT32, 80000000, 2147483648",
        "UINT32_LE, ffffffff, 4294967295",
        "UINT64, 0000000000000006, 6",
        "UINT64, 7fffffffffffffff, 9223372036854775807",
        "UINT64, 8000000000000000, 9223372036854775808",
        "UINT64_LE, ffffffffffffffff, 18446744073709551615"
    })
    void aLengthOverTheLimitIsRefusedBeforeAnyContentAndWhatFollowsIsDropped(
            LengthField lengthField, String header, String length) {
        Decoding decoding = new Decoding(new LengthPrefixedFrameDecoder(lengthField, 5))
                .readHex(header)
                .read(new byte[100]);

        assertError(TooLongFrameException.class, "announces " + length + " bytes, the limit is 5", decoding.close());
    }

    @Test
    void varintsHaveAsFewBytesAsNeeded() {
        VarintFrameEncoder encoder = new VarintFrameEncoder(1 << 22);
        int[] lengths = {0, 1, 127, 128, 300, 16_383, 16_384, 1 << 21};
        String[] headers = {"00", "01", "7f", "8001", "ac02", "ff7f", "808001", "80808001"};
        for (int i = 0; i < lengths.length; i++) {
            byte[] encoded = Decoding.encode(encoder, Unpooled.wrappedBuffer(new byte[lengths[i]]));

            assertEquals(
                    headers[i],
                    HexFormat.of().formatHex(encoded, 0, encoded.length - lengths[i]),
                    "length " + lengths[i]);
        }
    }

    @Test
    void varintsMayHaveMoreBytesThanNeeded() {
        assertEquals(List.of("A"), new Decoding(new VarintFrameDecoder(5)).readHex("8180808000 41").events);
    }

    @Test
    void badVarintsAreRefused() {
        assertError(
                CorruptedFrameException.class,
                "more than 5 bytes",
                new Decoding(new VarintFrameDecoder(5)).readHex("8080808080"));
        assertError(
                CorruptedFrameException.class,
                "more than 32 bits",
                new Decoding(new VarintFrameDecoder(5)).readHex("8080808010"));
        assertError(
                TooLongFrameException.class,
                "announces 4294967295 bytes, the limit is 5",
                new Decoding(new VarintFrameDecoder(5)).readHex("ffffffff0f"));
        assertError(
                TooLongFrameException.class,
                "announces 6 bytes, the limit is 5",
                new Decoding(new VarintFrameDecoder(5)).readHex("06").readHex("01 41"));
    }

    @Test
    void sshAgentFramesAreThoseOfTheProtocol() {
        // SSH_AGENTC_REQUEST_IDENTITIES, and an answer without keys.
        assertEquals(
                "000000010b",
                HexFormat.of()
                        .formatHex(Decoding.encode(
                                LengthPrefixedFrameEncoder.sshAgent(), Unpooled.wrappedBuffer(new byte[] {11}))));
        assertEquals(
                List.of("\f\0\0\0\0"),
                new Decoding(LengthPrefixedFrameDecoder.sshAgent()).readHex("00000005 0c 00000000").events);
        assertError(
                TooLongFrameException.class,
                "announces 262145 bytes, the limit is 262144",
                new Decoding(LengthPrefixedFrameDecoder.sshAgent()).readHex("00040001"));
    }

    @Test
    void discordFramesHaveALittleEndianOpcodeAndLength() {
        byte[] encoded = Decoding.encode(
                new DiscordIpcFrameEncoder(), new DiscordIpcFrame(DiscordIpcFrame.HANDSHAKE, buffer("{\"v\":1}")));

        assertEquals("0000000007000000" + "7b2276223a317d", HexFormat.of().formatHex(encoded));
        assertEquals(
                List.of("3 {}"), new Decoding(new DiscordIpcFrameDecoder()).readHex("03000000 02000000 7b7d").events);
        assertError(
                TooLongFrameException.class,
                "announces 65529 bytes, the limit is 65528",
                new Decoding(new DiscordIpcFrameDecoder()).readHex("01000000 f9ff0000"));
    }

    @Test
    void dockerFramesNameTheirStream() {
        byte[] encoded = Decoding.encode(
                new DockerStreamFrameEncoder(10),
                new DockerStreamFrame(DockerStreamFrame.Stream.STDERR, buffer("oops\n")));

        assertEquals("02000000" + "00000005" + "6f6f70730a", HexFormat.of().formatHex(encoded));
        assertEquals(
                List.of("STDOUT hi", "SYSTEM_ERROR ", "STDIN x"),
                new Decoding(new DockerStreamFrameDecoder(10))
                        .readHex("01000000 00000002 6869 03000000 00000000 00000000 00000001 78")
                        .events);
    }

    @Test
    void badDockerHeadersAreRefused() {
        assertError(
                CorruptedFrameException.class,
                "stream 4, known are 0 to 3",
                new Decoding(new DockerStreamFrameDecoder(10)).readHex("04000000 00000001"));
        assertError(
                CorruptedFrameException.class,
                "0x000100 instead of zeros",
                new Decoding(new DockerStreamFrameDecoder(10)).readHex("01000100 00000001"));
        assertError(
                TooLongFrameException.class,
                "announces 11 bytes, the limit is 10",
                new Decoding(new DockerStreamFrameDecoder(10)).readHex("01000000 0000000b"));
        assertError(
                CorruptedFrameException.class,
                "a container with a terminal sends a raw stream",
                new Decoding(new DockerStreamFrameDecoder(10)).read("root@host:/# "));
    }

    @Test
    void framesTooLongToEncodeFailTheirWrite() {
        assertRefused(new LengthPrefixedFrameEncoder(LengthField.UINT32, 3), buffer("four"), "4 bytes, the limit is 3");
        assertRefused(
                new LengthPrefixedFrameEncoder(LengthField.UINT16_LE, 100_000),
                Unpooled.wrappedBuffer(new byte[65_536]),
                "65536 bytes, the limit is 65535");
        assertRefused(new VarintFrameEncoder(3), buffer("four"), "4 bytes, the limit is 3");
        assertRefused(new DiscordIpcFrameEncoder(3), new DiscordIpcFrame(1, buffer("four")), "4 bytes, the limit is 3");
        assertRefused(
                new DockerStreamFrameEncoder(3),
                new DockerStreamFrame(DockerStreamFrame.Stream.STDIN, buffer("four")),
                "4 bytes, the limit is 3");
    }

    @Test
    void longContentIsNeitherCopiedWhenEncodedNorWhenDecoded() {
        EmbeddedChannel encoder = new EmbeddedChannel(new LengthPrefixedFrameEncoder(LengthField.UINT32, 1025));
        ByteBuf content = buffer("HELLO".repeat(205));
        encoder.writeOutbound(content);
        encoder.<ByteBuf>readOutbound().release();
        assertSame(content, encoder.readOutbound());
        content.release();

        EmbeddedChannel decoder = new EmbeddedChannel(new LengthPrefixedFrameDecoder(LengthField.UINT32, 5));
        ByteBuf received = Unpooled.buffer().writeInt(5).writeBytes("HELLO".getBytes(StandardCharsets.US_ASCII));
        decoder.writeInbound(received);
        ByteBuf frame = decoder.readInbound();
        received.setByte(4, 'J');
        assertEquals("JELLO", frame.toString(StandardCharsets.US_ASCII));
        frame.release();
        assertEquals(0, received.refCnt());
    }

    @ParameterizedTest
    @CsvSource({"0", "-1", "2147483647"})
    void aLimitThatCantBeIsRefused(int limit) {
        assertThrows(IllegalArgumentException.class, () -> new LengthPrefixedFrameDecoder(LengthField.UINT32, limit));
    }

    @Test
    void copiesOfAFrameKeepWhatTheHeaderSays() {
        DiscordIpcFrame discord = new DiscordIpcFrame(DiscordIpcFrame.PING, buffer("x"));
        assertEquals(discord, discord.copy());
        assertEquals(DiscordIpcFrame.PING, discord.duplicate().opcode());
        DockerStreamFrame docker = new DockerStreamFrame(DockerStreamFrame.Stream.STDERR, buffer("x"));
        assertEquals(docker, docker.copy());
        assertEquals(DockerStreamFrame.Stream.STDERR, docker.duplicate().stream());
        discord.release();
        docker.release();
    }

    private static void assertRefused(ChannelHandler encoder, Object message, String text) {
        EmbeddedChannel channel = new EmbeddedChannel(encoder);
        EncoderException exception = assertThrows(EncoderException.class, () -> channel.writeOutbound(message));
        assertEquals(
                text, exception.getMessage().substring(exception.getMessage().indexOf("of ") + 3));
        assertEquals(0, ReferenceCountUtil.refCnt(message));
        assertEquals(0, channel.outboundMessages().size());
    }

    private static ByteBuf buffer(String text) {
        return Unpooled.copiedBuffer(text, StandardCharsets.US_ASCII);
    }
}
