/* Copyright 2026 The Netty IPC Authors. Licensed under the Apache License, Version 2.0; see LICENSE. */
package io.nettyipc.codec.call;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.WriteBufferWaterMark;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.codec.CorruptedFrameException;
import io.netty.handler.codec.TooLongFrameException;
import io.netty.util.concurrent.Future;
import io.nettyipc.codec.Fuzz;
import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What a peer can do that keeps to no rules. */
class HostilePeerTest {

    private static final CallLimits LIMITS = new CallLimits(100, 200, 3);
    private static final String HELLO =
            "00000024 00 00 0000 0000000000000000 4e495043 00000001 00000064 000000c8 00000003 01000000 ";
    private static final String OPEN_1 = "00000014 01 00 0000 0000000000000001 00000002 00000000 ";
    private static final String OPEN_2 = "00000014 01 00 0000 0000000000000002 00000002 00000000 ";
    private static final String END_1 = "0000000d 03 00 0000 0000000000000001 00 ";

    private final Recorder atServer = new Recorder();
    private final Pair pair = new Pair(this::service, LIMITS, LIMITS);

    private CallService service(int method) {
        return switch (method) {
            case 1 -> CallService.unary((call, request) -> call.end(request));
            case 2 -> call -> atServer;
            case 3 ->
                call -> {
                    call.setAutoRead(false);
                    return atServer;
                };
            case 4 ->
                CallService.unary((call, request) -> {
                    request.release();
                    call.end(call.channel().alloc().buffer(100).writeZero(100));
                });
            default -> null;
        };
    }

    @AfterEach
    void everythingIsReleased() {
        assertEquals(0, pair.close().unreleased());
    }

    private void read(EmbeddedChannel channel, String hex) {
        channel.writeInbound(pair.message(bytes(hex)));
    }

    private static byte[] bytes(String hex) {
        return HexFormat.of().parseHex(hex.replace(" ", ""));
    }

    private void assertRefused(EmbeddedChannel channel, Class<?> exception, String text) {
        assertEquals(1, pair.errors.size(), pair.errors::toString);
        assertEquals(exception, pair.errors.get(0).getClass());
        assertTrue(pair.errors.get(0).getMessage().contains(text), pair.errors::toString);
        assertFalse(channel.isOpen());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "474554202f20485454502f312e310d0a486f73743a20 | unknown type",
                OPEN_1 + " | not HELLO",
                "00000024 00 00 0000 0000000000000000 4e495044 00000001 00000064 000000c8 00000003 01000000 |"
                        + " 0x4e495044",
                "00000024 00 00 0000 0000000000000000 4e495043 00000002 00000064 000000c8 00000003 01000000 | version"
                        + " 2",
                "00000024 00 00 0000 0000000000000000 4e495043 00000001 00000000 000000c8 00000003 01000000 | limits",
                "00000024 00 00 0000 0000000000000000 4e495043 00000001 00000064 ffffffff 00000003 01000000 | limits",
                HELLO + HELLO + " | second HELLO",
                HELLO + "0000000c 06 00 0000 0000000000000000 | unknown type 6",
                HELLO + "00000014 01 04 0000 0000000000000001 00000002 00000000 | flags 0x04",
                HELLO + "00000014 01 00 0001 0000000000000001 00000002 00000000 | 0x0001",
                HELLO + "00000013 01 00 0000 0000000000000001 00000002 000000 | 7 bytes instead of 8",
                HELLO + "0000000b 03 00 0000 0000000000000001 | -1 bytes",
                HELLO + "00000014 01 00 0000 8000000000000001 00000002 00000000 | call number",
                HELLO + OPEN_2 + OPEN_1 + " | call 1 opened after call 2",
                HELLO + OPEN_1 + OPEN_1 + " | call 1 opened after call 1",
                HELLO + "00000014 01 00 0000 0000000000000000 00000002 00000000 | call 0 opened",
                HELLO + "0000000c 02 00 0000 0000000000000001 | a frame for call 1",
                HELLO + OPEN_1 + "0000000c 02 00 0000 0000000000000000 | a frame for call 0",
                HELLO + OPEN_1 + END_1 + "0000000c 02 00 0000 0000000000000001 | after the last one",
                HELLO + OPEN_1 + END_1 + END_1 + " | second end",
                HELLO + OPEN_1 + "00000010 04 00 0000 0000000000000001 00000000 | opened by 0",
                HELLO + OPEN_1 + "00000010 04 00 0000 0000000000000001 ffffffff | opened by 4294967295",
                HELLO + OPEN_1 + "00000010 04 00 0000 0000000000000001 7fffffff | opened by 2147483647",
                HELLO + "0000000c 05 00 0000 0000000000000000 | GO_AWAY",
                HELLO + "00000010 04 00 0000 0000000000000000 00000000 | opened by 0",
                HELLO + "00000010 04 00 0000 0000000000000000 7fffffff | opened by 2147483647",
                "00000022 00 00 0000 0000000000000000 4e495043 00000001 00000064 000000c8 00000003 0100 | 22 bytes"
                        + " instead of 24",
            })
    void aClientThatBreaksTheProtocolLosesItsConnection(String hex, String text) {
        read(pair.serverChannel, hex);

        assertRefused(pair.serverChannel, CorruptedFrameException.class, text);
        assertEquals(0, pair.server.runningCalls());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                HELLO + "ffffffff 01 02 0000 0000000000000001 | 4294967283 bytes, the limit is 108",
                HELLO + "00000079 01 02 0000 0000000000000001 | 109 bytes, the limit is 108",
                HELLO + "00000015 01 00 0000 0000000000000001 | 9 bytes, the limit is 8",
                HELLO + OPEN_1 + "00000071 02 00 0000 0000000000000001 | 101 bytes, the limit is 100",
                HELLO + OPEN_1 + "0000040e 03 00 0000 0000000000000001 | 1026 bytes, the limit is 1025",
            })
    void aLongFrameIsRefusedBeforeItsPayloadHasCome(String hex, String text) {
        read(pair.serverChannel, hex);

        assertRefused(pair.serverChannel, TooLongFrameException.class, text);
    }

    @Test
    void aClientWithMoreCallsThanAllowedLosesItsConnection() {
        read(pair.serverChannel, HELLO + OPEN_1 + OPEN_2 + OPEN_2.replace("02 00000002", "03 00000002"));
        assertEquals(3, pair.server.runningCalls());
        read(pair.serverChannel, OPEN_2.replace("02 00000002", "04 00000002"));

        assertRefused(pair.serverChannel, CorruptedFrameException.class, "more than the 3 allowed");
        assertEquals(0, pair.server.runningCalls());
    }

    @Test
    void messagesThatAreNotReadCantGoBeyondTheWindowEvenEmptyOnes() {
        read(pair.serverChannel, HELLO + OPEN_1.replace("00000002 00000000", "00000003 00000000"));
        for (int i = 0; i < 13; i++) {
            read(pair.serverChannel, "0000000c 02 00 0000 0000000000000001");
        }
        assertTrue(pair.serverChannel.isOpen());
        read(pair.serverChannel, "0000000c 02 00 0000 0000000000000001");

        assertRefused(pair.serverChannel, CorruptedFrameException.class, "the window is -8");
    }

    @Test
    void messagesThatAreNotReadCantGoBeyondTheConnectionsWindow() {
        Pair small = new Pair(this::service, LIMITS, new CallLimits(100, 200, 10, 300));
        read(small.serverChannel, HELLO);
        for (int id = 1; id <= 3; id++) {
            read(small.serverChannel, "00000014 01 00 0000 %016x 00000003 00000000".formatted(id));
            read(small.serverChannel, "00000070 02 00 0000 %016x".formatted(id) + "00".repeat(100));
        }
        // The third has begun when 68 bytes were left.
        assertEquals(List.of(), small.errors);
        read(small.serverChannel, "0000000c 02 00 0000 0000000000000001");

        assertEquals(1, small.errors.size());
        assertEquals(
                "all calls: a message of 0 bytes, but the window is -48",
                small.errors.get(0).getMessage());
        assertEquals(0, small.close().unreleased());
    }

    @Test
    void aPeerMaySetNoWindowForTheConnection() {
        read(
                pair.serverChannel,
                HELLO.replace("00000024", "00000020").replace("01000000 ", "")
                        + "00000014 01 01 0000 0000000000000001 00000002 00000000");

        assertEquals(List.of(), pair.errors);
        assertEquals(List.of("half close"), List.copyOf(atServer.events));
        assertEquals(Integer.MAX_VALUE, pair.server.peerLimits().connectionWindow());
    }

    @Test
    void framesOfCallsThatHaveEndedAreIgnored() {
        read(
                pair.serverChannel,
                HELLO + OPEN_1 + END_1.replace("01 00 ", "01 01 ") + END_1
                        + "0000000e 02 00 0000 0000000000000001 6869 00000010 04 00 0000 0000000000000001 00000000");

        assertEquals(List.of(), pair.errors);
        assertTrue(pair.serverChannel.isOpen());
        assertEquals(List.of(CallStatus.CANCELLED), List.copyOf(atServer.events));
    }

    @Test
    void aServerThatAnswersACallNobodyMadeLosesItsConnection() {
        Future<ByteBuf> response = pair.client.call(1, pair.message("hello"));
        read(pair.clientChannel, HELLO + "0000000c 02 01 0000 0000000000000002");

        assertRefused(pair.clientChannel, CorruptedFrameException.class, "the last one opened is 1");
        assertEquals(
                CallStatus.Code.INTERNAL,
                ((CallException) response.cause()).status().code());
    }

    @Test
    void aServerThatOpensACallLosesItsConnection() {
        read(pair.clientChannel, HELLO + OPEN_1);

        assertRefused(pair.clientChannel, CorruptedFrameException.class, "OPEN");
    }

    @Test
    void aClientThatDoesNotReadResponsesDoesNotFillTheServersMemory() {
        pair.serverChannel.config().setWriteBufferWaterMark(new WriteBufferWaterMark(1_000, 2_000));
        ByteArrayOutputStream requests = new ByteArrayOutputStream();
        requests.writeBytes(bytes(HELLO));
        int count = 2_000;
        for (int id = 1; id <= count; id++) {
            requests.writeBytes(bytes("00000014 01 03 0000 %016x 00000004 00000000".formatted(id)));
        }
        // An embedded channel keeps what it is given to write until it is flushed, as one whose peer doesn't read.
        Unread unread = new Unread();
        pair.serverChannel.pipeline().addFirst(unread);
        pair.serverChannel.writeOneInbound(pair.message(requests.toByteArray()));
        pair.serverChannel.flushInbound();
        assertFalse(pair.serverChannel.config().isAutoRead());
        assertTrue(unread.bytes < 50_000, () -> "" + unread.bytes);

        unread.readOn(pair.serverChannel);
        assertTrue(pair.serverChannel.config().isAutoRead());
        // A response of 116 bytes to each request.
        assertEquals(count * 116L, unread.bytes);
    }

    @Test
    void autoReadStaysOffWhereTheApplicationHasTurnedItOff() {
        pair.serverChannel.config().setWriteBufferWaterMark(new WriteBufferWaterMark(50, 100));
        Unread unread = new Unread();
        pair.serverChannel.pipeline().addFirst(unread);
        pair.serverChannel.config().setAutoRead(false);
        read(pair.serverChannel, HELLO + "00000014 01 03 0000 0000000000000001 00000004 00000000");
        assertFalse(pair.serverChannel.isWritable());

        unread.readOn(pair.serverChannel);
        assertTrue(pair.serverChannel.isWritable());
        assertFalse(pair.serverChannel.config().isAutoRead());
    }

    @Test
    void randomFramesCauseDocumentedExceptionsOnlyAndLeakNothing() {
        long inputs = Fuzz.inputs(5_000, 200_000);
        long seed = Fuzz.firstSeed();
        int refused = 0;
        for (long input = 0; input < inputs; input++) {
            refused += fuzz(seed + input) ? 1 : 0;
        }
        assertTrue(refused > 0 && refused < inputs);
    }

    /** {@return whether the connection was closed} */
    private boolean fuzz(long seed) {
        Random random = new Random(seed);
        Pair victim = new Pair(this::service, LIMITS, LIMITS);
        EmbeddedChannel channel = random.nextBoolean() ? victim.serverChannel : victim.clientChannel;
        List<Future<ByteBuf>> responses = new ArrayList<>();
        if (channel == victim.clientChannel) {
            victim.client.open(1, new Recorder());
            responses.add(victim.client.call(1, victim.message("x")));
        }
        ByteArrayOutputStream input = new ByteArrayOutputStream();
        if (random.nextInt(20) > 0) {
            input.writeBytes(bytes(HELLO));
        }
        for (int i = random.nextInt(30); i > 0; i--) {
            input.writeBytes(frame(random));
        }
        byte[] bytes = input.toByteArray();
        for (int from = 0; from < bytes.length && channel.isOpen(); ) {
            int length = Math.min(bytes.length - from, 1 + random.nextInt(60));
            channel.writeInbound(victim.message(Arrays.copyOfRange(bytes, from, from + length)));
            from += length;
        }
        boolean closed = !channel.isOpen();
        victim.close();
        String failure = "seed " + seed + ": " + victim.errors;
        for (Throwable error : victim.errors) {
            assertTrue(
                    Set.of(CorruptedFrameException.class, TooLongFrameException.class)
                            .contains(error.getClass()),
                    failure);
        }
        assertEquals(closed ? 1 : 0, victim.errors.size(), failure);
        for (Future<ByteBuf> response : responses) {
            assertTrue(response.isDone(), failure);
            if (response.isSuccess()) {
                response.getNow().release();
            }
        }
        assertEquals(0, victim.unreleased(), failure);
        atServer.events.clear();
        return closed;
    }

    private static byte[] frame(Random random) {
        int type = random.nextInt(40) == 0 ? random.nextInt(256) : 1 + random.nextInt(4);
        int flags = type == 1 ? random.nextInt(4) : type == 2 && random.nextInt(3) == 0 ? 1 : 0;
        int length = switch (type) {
            case 1 -> (flags & 2) == 0 ? 8 : 8 + random.nextInt(100);
            case 2 -> random.nextInt(100);
            case 3 -> 1 + random.nextInt(20);
            case 4 -> 4;
            default -> random.nextInt(30);
        };
        if (random.nextInt(40) == 0) {
            length = random.nextInt(3) == 0 ? random.nextInt() : random.nextInt(200);
        }
        long id = random.nextInt(30) == 0 ? random.nextLong() : 1 + random.nextInt(6);
        byte[] payload = new byte[Math.max(0, Math.min(length, 200))];
        if (random.nextInt(4) == 0) {
            random.nextBytes(payload);
        } else if (payload.length > 3) {
            payload[3] = (byte) random.nextInt(6);
        }
        ByteBuf frame = Unpooled.buffer()
                .writeInt(12 + length)
                .writeByte(type)
                .writeByte(flags)
                .writeShort(random.nextInt(60) == 0 ? 1 : 0)
                .writeLong(id)
                .writeBytes(payload);
        byte[] bytes = new byte[frame.readableBytes()];
        frame.readBytes(bytes);
        return bytes;
    }
}
