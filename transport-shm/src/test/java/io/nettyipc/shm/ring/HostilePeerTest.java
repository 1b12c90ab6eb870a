/* Copyright 2026 The Netty IPC Authors. Licensed under the Apache License, Version 2.0; see LICENSE. */
package io.nettyipc.shm.ring;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.nio.ByteBuffer;
import java.util.SplittableRandom;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A peer that stores what it likes into its segment: we refuse, or read what is in it, and nothing else happens. */
class HostilePeerTest {

    private static final int CAPACITY = RingLayout.MIN_CAPACITY;
    private static final int MUTATIONS = 100_000;
    private static final int[] WORDS = {
        RingLayout.TAIL, RingLayout.RECENT_START, RingLayout.HEAD, RingLayout.WAITS_FOR_DATA, RingLayout.WAITS_FOR_SPACE
    };

    private final TestMemory own = new TestMemory(CAPACITY);
    private final TestMemory peer = new TestMemory(CAPACITY);
    private final ByteBuffer peerBuffer = peer.buffer();
    private final ByteBuffer buffer = ByteBuffer.allocateDirect(2 * CAPACITY);
    private final ByteBuf byteBuf = Unpooled.directBuffer(2 * CAPACITY, 2 * CAPACITY);
    private RingPair pair = new RingPair(own, CAPACITY, peer, CAPACITY);
    private long refused;
    private long accepted;

    @AfterEach
    void nothingOutsideOfTheSegmentsWasTouched() {
        own.assertGuardsUntouched();
        peer.assertGuardsUntouched();
        byteBuf.release();
    }

    @Test
    @Timeout(60)
    void randomValuesAreRefusedOrHarmless() {
        long seed = System.nanoTime();
        System.out.println("seed " + seed);
        SplittableRandom random = new SplittableRandom(seed);
        for (int mutation = 0; mutation < MUTATIONS; mutation++) {
            mutate(random);
            for (int operation = random.nextInt(4); operation >= 0; operation--) {
                operate(random);
            }
        }
        System.out.println(accepted + " operations went on, " + refused + " were refused");
        assertTrue(accepted > MUTATIONS / 10 && refused > MUTATIONS / 10, accepted + " against " + refused);
    }

    @Test
    @Timeout(60)
    void valuesThatChangeDuringAnOperationAreRefusedOrHarmless() throws Exception {
        SplittableRandom random = new SplittableRandom(System.nanoTime());
        SplittableRandom mutatorRandom = random.split();
        Thread mutator = new Thread(
                () -> {
                    while (!Thread.currentThread().isInterrupted()) {
                        mutate(mutatorRandom);
                    }
                },
                "mutator");
        mutator.start();
        try {
            // However little the mutator runs.
            for (int i = 0; i < MUTATIONS || refused < MUTATIONS / 100; i++) {
                operate(random);
            }
        } finally {
            mutator.interrupt();
            mutator.join();
        }
        System.out.println(accepted + " operations went on, " + refused + " were refused");
        assertTrue(accepted > MUTATIONS / 100, accepted + " against " + refused);
    }

    private void mutate(SplittableRandom random) {
        int word = WORDS[random.nextInt(WORDS.length)];
        long old = SharedLongs.getAcquire(peerBuffer, word);
        long value = switch (random.nextInt(8)) {
            case 0 -> random.nextLong();
            case 1 -> random.nextLong() >>> random.nextInt(64);
            case 2 -> old ^ (1L << random.nextInt(64));
            case 3 -> old - random.nextInt(1, 10);
            case 4 -> old + 4L * CAPACITY + random.nextInt(-3, 4);
            case 5 -> old + 2L * CAPACITY + random.nextInt(-3, 4);
            default -> old + random.nextInt(0, CAPACITY);
        };
        SharedLongs.setRelease(peerBuffer, word, value);
        peerBuffer.put(random.nextInt(512, peerBuffer.capacity()), (byte) value);
    }

    private void operate(SplittableRandom random) {
        RingWriter writer = pair.writer();
        RingReader reader = pair.reader();
        int size = random.nextInt(buffer.capacity() + 1);
        try {
            switch (random.nextInt(10)) {
                case 0 -> assertMoved(writer.write(buffer.clear().limit(size)), size, buffer.position());
                case 1 -> assertMoved(writer.write(byteBuf.setIndex(0, size)), size, byteBuf.readerIndex());
                case 2 -> writer.commit();
                case 3 -> assertMoved(writer.writableBytes(), CAPACITY, writer.writableBytes());
                case 4 -> {
                    writer.commit();
                    writer.sleepUntilSpace();
                }
                case 5 -> assertMoved(reader.read(buffer.clear().limit(size)), size, buffer.position());
                case 6 -> {
                    byteBuf.setIndex(0, byteBuf.capacity() - size);
                    int from = byteBuf.writerIndex();
                    assertMoved(reader.read(byteBuf), size, byteBuf.writerIndex() - from);
                }
                case 7 -> {
                    reader.release();
                    reader.sleepUntilData();
                }
                case 8 -> assertMoved(reader.readableBytes(), CAPACITY, -1);
                default -> {
                    writer.wake();
                    reader.wake();
                    reader.release();
                }
            }
            accepted++;
            if (random.nextInt(200) == 0 && !writer.commit()) {
                writer.end();
                renew();
            }
        } catch (CorruptRingException e) {
            refused++;
            renew();
        }
    }

    /** @param moved how far an index moved, or -1 */
    private static void assertMoved(int reported, int atMost, int moved) {
        if (reported < 0 || reported > atMost || reported > CAPACITY || (moved >= 0 && moved < reported)) {
            throw new AssertionError(reported + " bytes reported, " + moved + " moved, of at most " + atMost);
        }
    }

    private void renew() {
        peer.clearWords();
        pair = new RingPair(own, CAPACITY, peer, CAPACITY);
    }

    @Test
    void theExceptionSaysWhatWasSeen() throws Exception {
        SharedLongs.setRelease(peerBuffer, RingLayout.TAIL, 4 * 100);
        assertEquals(100, pair.reader().read(buffer.clear()));
        SharedLongs.setRelease(peerBuffer, RingLayout.TAIL, 4 * 99);
        assertEquals(
                "the peer's tail (four times the position, plus two at the end) is 396; it was 400 and cannot be more"
                        + " than 16387",
                assertThrows(CorruptRingException.class, pair.reader()::readableBytes)
                        .getMessage());
    }

    @Test
    void moreBytesThanTheRingHoldsAreRefused() throws Exception {
        SharedLongs.setRelease(peerBuffer, RingLayout.TAIL, 4L * CAPACITY);
        assertEquals(CAPACITY, pair.reader().readableBytes());
        assertEquals(10, pair.reader().read(buffer.clear().limit(10)));
        SharedLongs.setRelease(peerBuffer, RingLayout.TAIL, 4L * (CAPACITY + 10));
        assertThrows(CorruptRingException.class, pair.reader()::readableBytes, "10 were read, but not released");
        pair.reader().release();
        assertEquals(CAPACITY, pair.reader().readableBytes());
        SharedLongs.setRelease(peerBuffer, RingLayout.TAIL, 4L * (CAPACITY + 11));
        assertThrows(CorruptRingException.class, pair.reader()::readableBytes);
    }

    @Test
    void bytesBehindTheEndAndAnEndTakenBackAreRefused() throws Exception {
        SharedLongs.setRelease(peerBuffer, RingLayout.TAIL, 4 * 10 + RingLayout.END);
        assertEquals(10, pair.reader().readableBytes());
        SharedLongs.setRelease(peerBuffer, RingLayout.TAIL, 4 * 11 + RingLayout.END);
        assertThrows(CorruptRingException.class, pair.reader()::readableBytes);
        SharedLongs.setRelease(peerBuffer, RingLayout.TAIL, 4 * 10);
        assertThrows(CorruptRingException.class, pair.reader()::readableBytes);
    }

    @Test
    void aHeadBeforeItselfOrBeyondWhatWasCommittedIsRefused() throws Exception {
        pair.writer().write(buffer.clear().limit(100));
        pair.writer().commit();
        pair.writer().write(buffer.clear().limit(10));
        SharedLongs.setRelease(peerBuffer, RingLayout.HEAD, 101);
        assertThrows(CorruptRingException.class, pair.writer()::writableBytes, "101 is not committed");
        SharedLongs.setRelease(peerBuffer, RingLayout.HEAD, 100);
        assertEquals(CAPACITY - 10, pair.writer().writableBytes());
        SharedLongs.setRelease(peerBuffer, RingLayout.HEAD, 99);
        assertThrows(CorruptRingException.class, pair.writer()::writableBytes);
    }

    @Test
    void aPeerThatCountsSleepsWithoutSleepingGetsOneRingForEachCommit() throws Exception {
        for (int epoch = 1; epoch < 100; epoch += 2) {
            SharedLongs.setRelease(peerBuffer, RingLayout.WAITS_FOR_DATA, epoch);
            pair.writer().write(buffer.clear().limit(1));
            assertTrue(pair.writer().commit());
        }
        SharedLongs.setRelease(peerBuffer, RingLayout.WAITS_FOR_DATA, 1);
        pair.writer().write(buffer.clear().limit(1));
        assertThrows(CorruptRingException.class, pair.writer()::commit);
    }
}
