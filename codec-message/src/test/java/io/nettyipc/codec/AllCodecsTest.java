/* Copyright 2026 The Netty IPC Authors. Licensed under the Apache License, Version 2.0; see LICENSE. */
package io.nettyipc.codec;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufHolder;
import io.netty.buffer.Unpooled;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.handler.codec.CorruptedFrameException;
import io.netty.handler.codec.PrematureChannelClosureException;
import io.netty.handler.codec.TooLongFrameException;
import io.netty.util.ReferenceCountUtil;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * What every codec does, shown with random messages and inputs. {@code -Dnettyipc.fuzz.inputs=10000000} sets the number
 * of each codec's random inputs; without it they are made for two seconds. {@code -Dnettyipc.fuzz.seed} chooses others.
 */
class AllCodecsTest {

    private static final Set<Class<?>> DOCUMENTED =
            Set.of(TooLongFrameException.class, CorruptedFrameException.class, PrematureChannelClosureException.class);

    @AfterEach
    void everythingIsReleased() {
        assertEquals(0, Decoding.unreleased());
    }

    @ParameterizedTest
    @EnumSource
    void whatIsEncodedIsDecodedWhereverTheStreamIsSplit(Codec codec) {
        for (int seed = 0; seed < 2_000; seed++) {
            Random random = new Random(seed);
            List<Object> expected = new ArrayList<>();
            byte[] stream = stream(codec, random, expected);
            expected.add(Decoding.Event.INACTIVE);

            Decoding decoding =
                    new Decoding(codec.decoder()).read(stream, random).close();

            assertEquals(expected, decoding.events, "seed " + seed);
        }
    }

    /** As encoders write it, and as it comes over shared memory that is lent. */
    @ParameterizedTest
    @EnumSource(
            mode = EnumSource.Mode.EXCLUDE,
            names = {"GRPC_GZIP", "JSON_LINE"})
    void aReadOnlyContentBehindItsHeaderIsNotCopied(Codec codec) {
        EmbeddedChannel encoder = new EmbeddedChannel(codec.encoder());
        EmbeddedChannel decoder = new EmbeddedChannel(codec.decoder());
        for (int i = 0; i < 3; i++) {
            ByteBuf content = Unpooled.directBuffer(Codec.LIMIT).writeZero(Codec.LIMIT);
            encoder.writeOutbound(codec.message(content.retain()));
            decoder.writeInbound(encoder.<ByteBuf>readOutbound());
            decoder.writeInbound(encoder.<ByteBuf>readOutbound().asReadOnly());
            Object message = decoder.readInbound();
            ByteBuf frame = message instanceof ByteBufHolder holder ? holder.content() : (ByteBuf) message;
            content.setByte(7, i);
            assertEquals(i, frame.getByte(frame.readerIndex() + 7), "copied");
            assertEquals(Codec.LIMIT, frame.readableBytes());
            assertEquals(1, frame.nioBufferCount(), "a part of something joined");
            ReferenceCountUtil.release(message);
            assertEquals(1, content.refCnt(), "still kept");
            content.release();
        }
        assertFalse(encoder.finish());
        assertFalse(decoder.finish());
    }

    @ParameterizedTest
    @EnumSource
    void anEndWithinAFrameIsReportedOnceAndBeforeTheChannelIsInactive(Codec codec) {
        Random random = new Random(1);
        List<Object> expected = new ArrayList<>();
        byte[] first = Decoding.encode(codec.encoder(), keep(codec.message(random), expected));
        byte[] second = Decoding.encode(codec.encoder(), keep(codec.message(random), new ArrayList<>()));
        assertTrue(second.length > 1);
        for (int length = 1; length < second.length; length++) {
            byte[] part = Arrays.copyOf(second, length);
            List<Object> outcome = new ArrayList<>(expected);
            outcome.add(PrematureChannelClosureException.class);
            outcome.add(Decoding.Event.INACTIVE);

            assertEquals(
                    outcome,
                    new Decoding(codec.decoder()).read(first).read(part).close().outcome());

            Decoding shutdown = new Decoding(codec.decoder()).read(first).read(part);
            shutdown.channel.pipeline().fireUserEventTriggered(ChannelInputShutdownEvent.INSTANCE);
            assertEquals(outcome, shutdown.close().outcome());
        }
    }

    @ParameterizedTest
    @EnumSource
    void theLongestMessageIsDecodedInASingleReadOfManyMessages(Codec codec) {
        Random random = new Random(2);
        List<Object> expected = new ArrayList<>();
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        for (int i = 0; i < 500; i++) {
            all.writeBytes(Decoding.encode(codec.encoder(), keep(codec.message(random), expected)));
        }

        assertEquals(expected, new Decoding(codec.decoder()).read(all.toByteArray()).events);
    }

    @ParameterizedTest
    @EnumSource
    @Timeout(value = 6, unit = TimeUnit.HOURS)
    void anyInputGivesFramesAndAtMostOneDocumentedException(Codec codec) {
        long inputs = Fuzz.inputs(500, 100_000);
        long seed = Fuzz.firstSeed();
        long refused = 0;
        for (long input = 0; input < inputs; input++) {
            refused += decodeRandomInput(codec, seed + input) ? 0 : 1;
        }
        System.out.println(codec + ": " + inputs + " inputs, " + refused + " of them refused");
        assertTrue(refused > 0 && refused < inputs, () -> "all of one kind");
    }

    /** {@return whether there was no exception} */
    private static boolean decodeRandomInput(Codec codec, long seed) {
        Random random = new Random(seed);
        byte[] input = random.nextInt(4) == 0 ? words(codec, random) : mutated(codec, random);

        Decoding split = new Decoding(codec.decoder()).read(input, random).close();
        Decoding whole = new Decoding(codec.decoder()).read(input).close();

        long exceptions = split.events.stream()
                .filter(Throwable.class::isInstance)
                .peek(e -> assertTrue(DOCUMENTED.contains(e.getClass()), () -> failure(seed, input, split)))
                .count();
        if (codec.goesOn()) {
            long frames = new String(input, StandardCharsets.ISO_8859_1).lines().count();
            assertTrue(exceptions <= frames, () -> failure(seed, input, split));
        } else {
            assertTrue(exceptions <= 1, () -> failure(seed, input, split));
        }
        if (exceptions == 1 && !codec.goesOn()) {
            // Nothing after it but the end.
            assertTrue(
                    split.events.get(split.events.size() - 2) instanceof Throwable, () -> failure(seed, input, split));
        }
        assertEquals(whole.outcome(), split.outcome(), () -> failure(seed, input, split));
        assertEquals(0, Decoding.unreleased(), () -> failure(seed, input, split));
        return exceptions == 0;
    }

    private static byte[] words(Codec codec, Random random) {
        ByteArrayOutputStream input = new ByteArrayOutputStream();
        for (int i = random.nextInt(12); i >= 0; i--) {
            if (random.nextInt(4) == 0) {
                input.write(random.nextInt(256));
            } else {
                input.writeBytes(codec.word(random));
            }
        }
        return input.toByteArray();
    }

    private static byte[] mutated(Codec codec, Random random) {
        byte[] input = stream(codec, random, new ArrayList<>());
        for (int i = random.nextInt(4); i > 0 && input.length > 0; i--) {
            int at = random.nextInt(random.nextBoolean() ? Math.min(input.length, 24) : input.length);
            input = switch (random.nextInt(4)) {
                case 0 -> flipped(input, at, 1 << random.nextInt(8));
                case 1 -> Arrays.copyOf(input, at);
                case 2 -> spliced(input, at, 1 + random.nextInt(3), new byte[0]);
                default -> spliced(input, at, random.nextInt(2), codec.word(random));
            };
        }
        return input;
    }

    private static byte[] flipped(byte[] input, int at, int bits) {
        input[at] ^= (byte) bits;
        return input;
    }

    private static byte[] spliced(byte[] input, int at, int removed, byte[] added) {
        ByteArrayOutputStream output = new ByteArrayOutputStream();
        output.write(input, 0, at);
        output.writeBytes(added);
        int rest = Math.min(at + removed, input.length);
        output.write(input, rest, input.length - rest);
        return output.toByteArray();
    }

    private static byte[] stream(Codec codec, Random random, List<Object> messages) {
        Object[] encoded = new Object[random.nextInt(6)];
        for (int i = 0; i < encoded.length; i++) {
            encoded[i] = keep(codec.message(random), messages);
        }
        return Decoding.encode(codec.encoder(), encoded);
    }

    private static Object keep(Object message, List<Object> messages) {
        messages.add(Decoding.text(message));
        return message;
    }

    private static String failure(long seed, byte[] input, Decoding decoding) {
        return "seed " + seed + ", input " + HexFormat.of().formatHex(input) + ": " + decoding.events;
    }
}
