/* Copyright 2026 The Netty IPC Authors. Licensed under the Apache License, Version 2.0; see LICENSE. */
package io.nettyipc.shm.ring;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Queue;
import java.util.SplittableRandom;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Rings that begin small and grow. */
class RingWindowTest {

    private static final int FIRST = 4096;
    private static final int CAPACITY = 16 * FIRST;

    private final TestMemory memory = new TestMemory(CAPACITY);
    private final TestMemory other = new TestMemory(CAPACITY);
    private final TestMemory written = memory.partly(RingLayout.segmentSize(FIRST), RingLayout.segmentSize(CAPACITY));
    private final TestMemory read = memory.partly(RingLayout.segmentSize(FIRST), RingLayout.segmentSize(CAPACITY));
    private int writerTook;
    private int readerTook;
    private boolean writerMayTake = true;
    private boolean readerMayTake = true;
    private final RingWriter writer = new RingPair(written, FIRST, CAPACITY, other, FIRST, CAPACITY, bytes -> {
                writerTook += writerMayTake ? bytes : 0;
                return writerMayTake;
            })
            .writer();
    private final RingReader reader = new RingPair(other, FIRST, CAPACITY, read, FIRST, CAPACITY, bytes -> {
                readerTook += readerMayTake ? bytes : 0;
                return readerMayTake;
            })
            .reader();

    /** The stream's bytes, by their places. */
    private long nextWritten;

    private long nextRead;

    /** Bytes that are left out: the place of the first, and how many. */
    private final Queue<long[]> leftOut = new ArrayDeque<>();

    @AfterEach
    void nothingElseIsTouched() {
        memory.assertGuardsUntouched();
        other.assertGuardsUntouched();
    }

    private static byte at(long place) {
        return (byte) (place * 31 + (place >>> 8) * 17 + (place >>> 16));
    }

    private ByteBuffer next(int length) {
        ByteBuffer bytes = ByteBuffer.allocate(length);
        for (int i = 0; i < length; i++) {
            bytes.put(i, at(nextWritten + i));
        }
        return bytes;
    }

    private int write(int length) throws Exception {
        int written = writer.write(next(length));
        nextWritten += written;
        return written;
    }

    private int read(int length) throws Exception {
        ByteBuffer bytes = ByteBuffer.allocate(length);
        int count = reader.read(bytes);
        check(Arrays.copyOf(bytes.array(), count));
        return count;
    }

    private void check(byte[] bytes) {
        for (byte found : bytes) {
            if (found != at(nextRead)) {
                throw new AssertionError("another byte is at " + nextRead);
            }
            nextRead++;
        }
    }

    private void readAll() throws Exception {
        while (read(CAPACITY) > 0) {
            reader.release();
        }
        assertEquals(nextWritten, nextRead);
    }

    @Test
    void aRingThatIsNeverFullStaysAsItIs() throws Exception {
        for (int i = 0; i < 1000; i++) {
            assertEquals(3000, write(3000));
            writer.commit();
            assertEquals(3000, read(5000));
            reader.release();
        }
        assertEquals(FIRST, reader.windowSize());
        assertEquals(RingLayout.segmentSize(FIRST), written.prepared());
        assertEquals(RingLayout.segmentSize(FIRST), read.prepared());
        assertEquals(0, writerTook + readerTook);
    }

    @Test
    void aWriterFillsTheCapacityThoughNobodyReads() throws Exception {
        for (int before : new int[] {0, 1, FIRST - 1, FIRST, 3 * FIRST + 5}) {
            RingWindowTest test = new RingWindowTest();
            for (int passed = 0; passed < before; passed += test.read(CAPACITY)) {
                test.write(Math.min(before - passed, FIRST / 2));
                test.writer.commit();
                test.reader.release();
            }
            test.reader.release();
            assertEquals(CAPACITY, test.write(2 * CAPACITY), "after " + before);
            test.writer.commit();
            assertEquals(0, test.write(1));
            assertEquals(CAPACITY - FIRST, test.writerTook);
            test.readAll();
            assertEquals(CAPACITY, test.reader.windowSize());
            assertEquals(CAPACITY - FIRST, test.readerTook);
            assertEquals(CAPACITY, test.writer.writableBytes());
        }
    }

    @Test
    void memoryIsTakenAsBytesComeToLieThere() throws Exception {
        write(FIRST + 1);
        writer.commit();
        assertEquals(RingLayout.segmentSize(2 * FIRST), written.prepared());
        assertEquals(FIRST, read(FIRST));
        assertEquals(RingLayout.segmentSize(FIRST), read.prepared());
        reader.release();
        assertEquals(CAPACITY, reader.windowSize());
        assertEquals(1, read(FIRST));
        assertEquals(RingLayout.segmentSize(2 * FIRST), read.prepared());
    }

    @Test
    void aWriterThatGetsNoMemoryForItStaysWithTheSmallOne() throws Exception {
        writerMayTake = false;
        for (int i = 0; i < 100; i++) {
            assertEquals(FIRST, write(CAPACITY));
            writer.commit();
            assertFalse(writer.writeAll(Unpooled.wrappedBuffer(new byte[1])));
            assertEquals(FIRST, read(CAPACITY));
            reader.release();
        }
        assertEquals(RingLayout.segmentSize(FIRST), written.prepared());
        writerMayTake = true;
        assertEquals(CAPACITY, write(CAPACITY));
    }

    /** Of a peer that has left a hole there, whose memory would be this side's. */
    @Test
    void aReaderThatMayTakeNoneUsesOnlyWhatThePeerHasTaken() throws Exception {
        readerMayTake = false;
        read.take(RingLayout.segmentSize(2 * FIRST));
        write(3 * FIRST);
        writer.commit();
        assertEquals(FIRST, read(FIRST));
        reader.release();
        String message = assertThrows(CorruptRingException.class, () -> read(1)).getMessage();
        assertEquals(
                "the peer has no memory for more than 4096 bytes of its ring, and this side has none left for it"
                        + " (SHM_MAX_MEMORY)",
                message);
        read.take(RingLayout.segmentSize(4 * FIRST));
        readAll();
    }

    @Test
    void aWriterThatSleepsUntilThereIsSpaceIsRungAlsoByAReaderThatKnowsLessOfItsGrowth() throws Exception {
        for (int step : new int[] {1, 100, FIRST - 1, FIRST, FIRST + 1, CAPACITY}) {
            RingWindowTest test = new RingWindowTest();
            test.write(FIRST);
            test.writer.commit();
            test.reader.readableBytes();
            test.write(CAPACITY);
            test.writer.commit();
            assertTrue(test.writer.sleepUntilSpace());
            boolean rung = false;
            while (test.nextRead < test.nextWritten) {
                assertTrue(test.read(step) > 0);
                rung |= test.reader.release();
                assertTrue(rung || test.writer.writableBytes() < CAPACITY / 2, "not rung when half of it was free");
            }
            assertTrue(rung);
        }
    }

    @Test
    void whatIsTakenBackTakesTheGrowthBack() throws Exception {
        for (int round = 0; round < 3; round++) {
            long before = writer.position();
            assertEquals(CAPACITY, writer.write(ByteBuffer.allocate(CAPACITY)));
            writer.takeBack(before);
            assertEquals(100, write(100));
            writer.commit();
            assertEquals(100, read(200));
            reader.release();
        }
        assertEquals(FIRST, reader.windowSize());
        assertEquals(CAPACITY - FIRST, writerTook, "it may well need it again");
    }

    /** Writes of all kinds, cancelled ones among them, with a reader that is sometimes behind. */
    @Test
    void theStreamIsTheSameWhereverItGrows() throws Exception {
        for (int round = 0; round < 100; round++) {
            long seed = new SplittableRandom().nextLong();
            RingWindowTest test = new RingWindowTest();
            try {
                test.play(new SplittableRandom(seed));
            } catch (AssertionError | Exception e) {
                throw new AssertionError("seed " + seed, e);
            }
            test.nothingElseIsTouched();
        }
    }

    private void play(SplittableRandom random) throws Exception {
        int usual = 1 << random.nextInt(4, 16);
        for (int step = 0; step < 300; step++) {
            int length = random.nextInt(1, usual);
            writerMayTake = random.nextInt(4) > 0;
            switch (random.nextInt(9)) {
                case 0 -> write(length);
                case 1, 2 -> {
                    ByteBuf direct = Unpooled.directBuffer().writeBytes(next(length));
                    nextWritten += writer.write(direct);
                    direct.release();
                }
                case 3 -> {
                    ByteBuf whole = Unpooled.directBuffer().writeBytes(next(random.nextInt(1, 65)));
                    int size = whole.readableBytes();
                    nextWritten += writer.writeAll(whole) ? size : 0;
                    whole.release();
                }
                case 4 -> cancelOne(length, random.nextInt(1, usual));
                case 5 -> {
                    if (writer.skip(length)) {
                        leftOut.add(new long[] {nextWritten, length});
                        nextWritten += length;
                    }
                }
                default -> {
                    writer.commit();
                    for (int i = random.nextInt(3); i > 0; i--) {
                        readOne(random.nextInt(1, 2 * usual));
                        if (random.nextBoolean()) {
                            reader.release();
                        }
                    }
                }
            }
        }
        writer.end();
        reader.release();
        while (readOne(CAPACITY)) {
            reader.release();
        }
        assertEquals(nextWritten, nextRead);
        assertTrue(reader.isEnded());
    }

    private boolean readOne(int most) throws Exception {
        long[] next = leftOut.peek();
        if (next != null && next[0] == nextRead) {
            if (reader.readableBytes() == 0) {
                return false;
            }
            reader.skip((int) next[1]);
            nextRead += next[1];
            leftOut.remove();
            return true;
        }
        int room = next == null ? most : (int) Math.min(most, next[0] - nextRead);
        ByteBuf target = Unpooled.directBuffer(room, room);
        int count = reader.read(target);
        check(ByteBufUtil.getBytes(target));
        target.release();
        return count > 0;
    }

    /** Writes two messages and takes the first back. */
    private void cancelOne(int first, int second) throws Exception {
        long before = writer.position();
        int cancelled = writer.write(ByteBuffer.allocate(first));
        int kept = write(second);
        writer.move(before + cancelled, before, kept);
        writer.takeBack(before + kept);
    }

    private void store(int word, long value) {
        SharedLongs.setRelease(memory.buffer(), word, value);
    }

    /** The bytes may be any, but nothing else is read or written, and what fails is the ring. */
    @Test
    void nonsenseWhereTheRingHasGrownHarmsNobody() throws Exception {
        SplittableRandom random = new SplittableRandom();
        int refused = 0;
        int grown = 0;
        for (int round = 0; round < 500; round++) {
            RingWindowTest test = new RingWindowTest();
            long tail = 0;
            try {
                for (int step = 0; step < 20; step++) {
                    tail += random.nextInt(2 * FIRST);
                    test.store(
                            RingLayout.GROWN_AT,
                            random.nextInt(4) == 0 ? random.nextLong() : tail - random.nextInt(3 * FIRST));
                    test.store(RingLayout.TAIL, tail << RingLayout.TAIL_BITS | random.nextInt(2));
                    test.reader.read(ByteBuffer.allocate(random.nextInt(1, CAPACITY)));
                    test.reader.release();
                    assertTrue(test.reader.readableBytes() <= CAPACITY);
                    assertFalse(
                            test.reader.readableBytes() == 0 && !test.reader.sleepUntilData(),
                            "neither anything to read nor a reason to sleep");
                    test.reader.wake();
                }
            } catch (CorruptRingException e) {
                refused++;
            }
            grown += test.reader.windowSize() == CAPACITY ? 1 : 0;
            test.nothingElseIsTouched();
        }
        assertTrue(refused > 50 && grown > 50, refused + " refused, " + grown + " grown");
    }

    @Test
    void theExceptionSaysWhatIsWrongWithTheGrowth() throws Exception {
        store(RingLayout.TAIL, (FIRST + 1L) << RingLayout.TAIL_BITS);
        assertEquals(
                "the peer's tail is at 4097, and its ring of 4096 bytes has not grown behind 0",
                assertThrows(CorruptRingException.class, reader::readableBytes).getMessage());
        store(RingLayout.TAIL, (FIRST + 1L) << RingLayout.TAIL_BITS | RingLayout.GROWN);
        assertEquals(
                "the peer says that its ring has grown at -1; that cannot be before 0 nor behind 4096",
                assertThrows(CorruptRingException.class, reader::readableBytes).getMessage());
    }
}
