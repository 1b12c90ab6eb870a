/* Copyright 2026 The Netty IPC Authors. Licensed under the Apache License, Version 2.0; see LICENSE. */
package io.nettyipc.shm.ring;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.ByteBuffer;
import org.junit.jupiter.api.Test;

/** Rings whose memory is taken as they come to use it. */
class PreparedBytesTest {

    private static final int CAPACITY = 256 << 10;
    private static final int DATA = RingLayout.segmentSize(CAPACITY) - CAPACITY;
    private static final int FIRST = DATA + 4096;

    private final TestMemory memory = new TestMemory(CAPACITY);
    private final TestMemory other = new TestMemory(CAPACITY);
    private TestMemory written;
    private TestMemory read;
    private RingWriter writer;
    private RingReader reader;

    private void connect(int writersLimit, int readersLimit) {
        written = memory.partly(FIRST, writersLimit);
        read = memory.partly(FIRST, readersLimit);
        writer = new RingPair(written, CAPACITY, other, CAPACITY).writer();
        reader = new RingPair(other, CAPACITY, read, CAPACITY).reader();
    }

    private void pass(int length) throws Exception {
        ByteBuffer bytes = ByteBuffer.allocate(length);
        for (int i = 0; i < length; i++) {
            bytes.put(i, (byte) (i * 7 + length));
        }
        assertEquals(length, writer.write(bytes.duplicate()));
        writer.commit();
        ByteBuffer target = ByteBuffer.allocate(length);
        assertEquals(length, reader.read(target));
        reader.release();
        assertEquals(bytes, target.flip());
        assertEquals(written.prepared(), read.prepared());
    }

    @Test
    void memoryIsTakenWhereBytesComeToLieForTheFirstTime() throws Exception {
        connect(DATA + CAPACITY, DATA + CAPACITY);
        int[][] lengthsAndWhatIsTaken = {
            {1, 4}, {4095, 4}, {1, 8}, {4095, 8}, {100, 16}, {20_000, 32}, {10_000, 64}, {30_000, 96}, {60_000, 128}
        };
        for (int[] step : lengthsAndWhatIsTaken) {
            pass(step[0]);
            assertEquals(DATA + step[1] * 1024, written.prepared(), "after " + step[0] + " bytes");
        }
        for (int i = 0; i < 100; i++) {
            pass(50_000);
        }
    }

    /** A peer that waits for an answer gives up looking for it when that takes longer. */
    @Test
    void noMessageTakesMoreThan32KiBOfMemoryThatItDoesNotNeed() throws Exception {
        connect(DATA + CAPACITY, DATA + CAPACITY);
        for (int total = 10_000; total <= CAPACITY; total += 10_000) {
            pass(10_000);
            assertTrue(written.prepared() - DATA - total < 32 << 10, written.prepared() + " after " + total);
        }
    }

    @Test
    void allOfTheRingIsTakenByAMessageThatFillsIt() throws Exception {
        connect(DATA + CAPACITY, DATA + CAPACITY);
        pass(CAPACITY);
        assertEquals(DATA + CAPACITY, written.prepared());
    }

    @Test
    void lookingForRoomTakesNone() throws Exception {
        connect(DATA + CAPACITY, DATA + CAPACITY);
        assertEquals(CAPACITY, writer.writableBytes());
        assertTrue(writer.hasEnoughSpace());
        assertEquals(FIRST, written.prepared());
    }

    @Test
    void aWriterWithoutMemorySaysSo() throws Exception {
        connect(DATA + 8192, DATA + CAPACITY);
        pass(8192);
        String message = assertThrows(CorruptRingException.class, () -> writer.write(ByteBuffer.allocate(1)))
                .getMessage();
        assertEquals("the system has no memory for more of the ring than is used: not so much", message);
    }

    @Test
    void aReaderWithoutMemorySaysSo() throws Exception {
        connect(DATA + CAPACITY, DATA + 8192);
        pass(8192);
        writer.write(ByteBuffer.allocate(1));
        writer.commit();
        assertThrows(CorruptRingException.class, reader::readableBytes);
    }
}
