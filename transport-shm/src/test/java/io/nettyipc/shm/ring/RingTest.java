/* Copyright 2026 The Netty IPC Authors. Licensed under the Apache License, Version 2.0; see LICENSE. */
package io.nettyipc.shm.ring;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.management.ThreadMXBean;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.nio.channels.ReadableByteChannel;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RingTest {

    private static final int CAPACITY = RingLayout.MIN_CAPACITY;

    private final TestConnection connection = new TestConnection(CAPACITY);
    private final RingWriter writer = connection.a.writer();
    private final RingReader reader = connection.b.reader();

    @Test
    void writtenBytesCanBeReadWhenCommittedAndNotBefore() throws Exception {
        assertEquals(5, writer.write(bytes("hello")));
        assertEquals(5, writer.uncommitted());
        assertEquals(0, reader.readableBytes());
        assertEquals(0, reader.read(ByteBuffer.allocate(10)));

        writer.commit();

        assertEquals(0, writer.uncommitted());
        assertEquals(5, reader.readableBytes());
        ByteBuffer target = ByteBuffer.allocate(10);
        assertEquals(5, reader.read(target));
        assertEquals("hello", StandardCharsets.US_ASCII.decode(target.flip()).toString());
        assertEquals(0, reader.readableBytes());
    }

    @Test
    void bothDirectionsAreIndependent() throws Exception {
        TestConnection uneven = new TestConnection(4096, 16384);
        assertEquals(4096, uneven.a.writer().write(ByteBuffer.allocate(20000)));
        assertEquals(16384, uneven.b.writer().write(ByteBuffer.allocate(20000)));
        uneven.a.writer().commit();
        uneven.b.writer().commit();
        assertEquals(4096, uneven.b.reader().read(ByteBuffer.allocate(20000)));
        assertEquals(16384, uneven.a.reader().read(ByteBuffer.allocate(20000)));
    }

    @Test
    void aFullRingTakesWhatFitsAndMoreOnlyWhenSpaceIsReleased() throws Exception {
        ByteBuffer source = ByteBuffer.allocate(CAPACITY + 100);
        assertEquals(CAPACITY, writer.write(source));
        assertEquals(CAPACITY, source.position());
        assertEquals(0, writer.write(source));
        writer.commit();

        assertEquals(60, reader.read(ByteBuffer.allocate(60)));
        assertEquals(0, writer.writableBytes());
        reader.release();

        assertEquals(60, writer.writableBytes());
        assertEquals(60, writer.write(source));
    }

    @Test
    void whatAChannelGaveBeforeItFailedIsWritten() throws Exception {
        writer.write(ByteBuffer.allocate(CAPACITY - 5));
        writer.commit();
        reader.read(ByteBuffer.allocate(CAPACITY));
        reader.release();
        ByteBuffer hello = bytes("hello");
        // The ring's end comes behind five bytes, so that the channel is read from twice.
        ReadableByteChannel source = new ReadableByteChannel() {
            @Override
            public int read(ByteBuffer target) throws IOException {
                if (!hello.hasRemaining()) {
                    throw new IOException("no more");
                }
                target.put(hello);
                return 5;
            }

            @Override
            public boolean isOpen() {
                return true;
            }

            @Override
            public void close() {}
        };
        assertEquals(
                "no more",
                assertThrows(IOException.class, () -> writer.write(source, 10)).getMessage());
        assertEquals(5, writer.uncommitted());
        writer.commit();
        ByteBuffer target = ByteBuffer.allocate(10);
        assertEquals(5, reader.read(target));
        assertEquals("hello", StandardCharsets.US_ASCII.decode(target.flip()).toString());
    }

    @Test
    void aHeapADirectACompositeAndAReadOnlyByteBufAreWritten() throws Exception {
        ByteBuf composite = Unpooled.wrappedBuffer(
                Unpooled.copiedBuffer("comp", StandardCharsets.US_ASCII),
                Unpooled.directBuffer().writeBytes(bytes("osite")));
        ByteBuf direct = Unpooled.directBuffer().writeBytes(bytes("-direct"));
        ByteBuf heap = Unpooled.copiedBuffer("xheap", StandardCharsets.US_ASCII).skipBytes(1);
        ByteBuf readOnly =
                Unpooled.copiedBuffer("-ro", StandardCharsets.US_ASCII).asReadOnly();
        for (ByteBuf source : new ByteBuf[] {composite, direct, heap, readOnly}) {
            int length = source.readableBytes();
            assertEquals(length, writer.write(source));
            assertFalse(source.isReadable());
            source.release();
        }
        writer.commit();
        ByteBuf target = Unpooled.directBuffer(100, 100).writeByte('>');
        assertEquals(23, reader.read(target));
        assertEquals(">composite-directheap-ro", target.toString(StandardCharsets.US_ASCII));
        target.release();
    }

    @Test
    void theEndIsSeenBehindTheLastByte() throws Exception {
        writer.write(bytes("x"));
        writer.end();

        assertFalse(reader.isEnded());
        assertEquals(1, reader.readableBytes());
        assertFalse(reader.isEnded());
        reader.read(ByteBuffer.allocate(1));
        assertTrue(reader.isEnded());
        assertThrows(IllegalStateException.class, () -> writer.write(bytes("y")));
        // The other direction goes on.
        connection.b.writer().write(bytes("z"));
        connection.b.writer().commit();
        assertEquals(1, connection.a.reader().readableBytes());
    }

    @Test
    void anAwakeReaderIsNotRungFor() throws Exception {
        writer.write(bytes("x"));
        assertFalse(writer.commit());
        assertFalse(writer.end());
    }

    @Test
    void aSleepingReaderIsRungForOnceForEachSleep() throws Exception {
        assertTrue(reader.sleepUntilData());
        writer.write(bytes("x"));
        assertTrue(writer.commit());
        writer.write(bytes("y"));
        assertFalse(writer.commit(), "rung for this sleep already");

        reader.wake();
        assertFalse(reader.sleepUntilData(), "there is data");
        assertEquals(2, reader.read(ByteBuffer.allocate(10)));
        reader.release();
        assertTrue(reader.sleepUntilData());
        assertTrue(writer.end(), "the end wakes too");
        assertFalse(reader.sleepUntilData());
        assertTrue(reader.isEnded());
    }

    @Test
    void aReaderThatFallsAsleepAgainWithoutWakingIsRungForAgain() throws Exception {
        assertTrue(reader.sleepUntilData());
        writer.write(bytes("x"));
        assertTrue(writer.commit());
        reader.read(ByteBuffer.allocate(10));
        reader.release();
        assertTrue(reader.sleepUntilData());
        writer.write(bytes("y"));
        assertTrue(writer.commit());
    }

    @Test
    void aSleepingWriterIsRungForOnceWhenHalfTheRingIsFree() throws Exception {
        writer.write(ByteBuffer.allocate(CAPACITY));
        assertThrows(IllegalStateException.class, writer::sleepUntilSpace, "nobody could free what nobody sees");
        writer.commit();
        assertTrue(writer.sleepUntilSpace());

        reader.read(ByteBuffer.allocate(CAPACITY / 2 - 1));
        assertFalse(reader.release(), "too early");
        reader.read(ByteBuffer.allocate(1));
        assertTrue(reader.release());
        reader.read(ByteBuffer.allocate(1));
        assertFalse(reader.release(), "rung for this sleep already");

        assertFalse(writer.sleepUntilSpace(), "there is space");
        assertEquals(CAPACITY / 2 + 1, writer.writableBytes());
    }

    @Test
    void aReaderDoesNotSleepOnSpaceThatTheWriterMayWaitFor() throws Exception {
        writer.write(bytes("x"));
        writer.commit();
        reader.read(ByteBuffer.allocate(1));
        assertThrows(IllegalStateException.class, reader::sleepUntilData);
    }

    @Test
    void aReaderThatClosesSaysHowMuchItHasRead() throws Exception {
        writer.write(bytes("read"));
        writer.commit();
        reader.read(ByteBuffer.allocate(4));
        assertFalse(writer.isAllRead());

        reader.close();

        assertTrue(writer.isReaderClosed());
        assertTrue(writer.isAllRead());
        writer.write(bytes("too late"));
        writer.commit();
        assertFalse(writer.isAllRead());
    }

    @Test
    void aClosedRingRefusesEverythingAndGivesBothSegmentsBackOnce() throws Exception {
        RingPair a = connection.a;
        a.close();
        a.close();

        assertEquals(1, connection.memoryA.timesClosed());
        assertEquals(1, connection.memoryB.timesClosed());
        ByteBuffer buffer = ByteBuffer.allocate(1);
        ByteBuf byteBuf = Unpooled.buffer(1).writeByte(1);
        assertThrows(IllegalStateException.class, () -> a.writer().write(buffer));
        assertThrows(IllegalStateException.class, () -> a.writer().write(byteBuf));
        assertThrows(IllegalStateException.class, () -> a.writer().writableBytes());
        assertThrows(IllegalStateException.class, () -> a.writer().commit());
        assertThrows(IllegalStateException.class, () -> a.writer().end());
        assertThrows(IllegalStateException.class, () -> a.writer().sleepUntilSpace());
        assertThrows(IllegalStateException.class, () -> a.writer().wake());
        assertThrows(IllegalStateException.class, () -> a.reader().read(buffer));
        assertThrows(IllegalStateException.class, () -> a.reader().read(byteBuf));
        assertThrows(IllegalStateException.class, () -> a.reader().readableBytes());
        assertThrows(IllegalStateException.class, () -> a.reader().release());
        assertThrows(IllegalStateException.class, () -> a.reader().sleepUntilData());
        assertThrows(IllegalStateException.class, () -> a.reader().wake());
    }

    @ParameterizedTest
    @ValueSource(longs = {0, -1, 1, 4095, 4097, 2048, 12288, 1L << 31, 1L << 32, 1L << 63, (1L << 32) + 4096})
    void whatIsNotACapacityIsRefused(long capacity) {
        assertFalse(RingLayout.isCapacity(capacity));
        if (capacity == (int) capacity) {
            assertThrows(IllegalArgumentException.class, () -> RingLayout.segmentSize((int) capacity));
        }
    }

    @Test
    void segmentsThatDoNotFitTheirCapacityAreRefused() {
        TestMemory small = new TestMemory(4096);
        TestMemory large = new TestMemory(8192);
        assertThrows(IllegalArgumentException.class, () -> new RingPair(small, 8192, large, 8192));
        assertThrows(IllegalArgumentException.class, () -> new RingPair(small, 4096, large, 4096));
        assertEquals(0, small.timesClosed());
    }

    @Test
    void theLargestRingFitsABuffer() {
        assertEquals((1 << 30) + 4096, RingLayout.segmentSize(RingLayout.MAX_CAPACITY));
    }

    @Test
    void nothingIsAllocatedForAnOperation() throws Exception {
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        ByteBuffer source = ByteBuffer.allocateDirect(64);
        ByteBuffer target = ByteBuffer.allocateDirect(64);
        exchange(source, target, 20_000);
        long before = threads.getCurrentThreadAllocatedBytes();
        exchange(source, target, 20_000);
        long allocated = threads.getCurrentThreadAllocatedBytes() - before;
        assertTrue(allocated < 20_000, allocated + " bytes for 20,000 round trips");
    }

    private void exchange(ByteBuffer source, ByteBuffer target, int times) throws Exception {
        for (int i = 0; i < times; i++) {
            reader.sleepUntilData();
            writer.write(source.clear());
            writer.commit();
            reader.wake();
            reader.read(target.clear());
            reader.release();
            writer.sleepUntilSpace();
        }
    }

    /** A heap buffer leaves no limit behind that others would meet, and the ring's end may be in what is moved. */
    @Test
    void uncommittedBytesCanBeMovedAndTakenBackAnywhereInTheRing() throws Exception {
        for (int start = 0; start < 3 * CAPACITY; start += 1) {
            assertTrue(writer.writeAll(Unpooled.copiedBuffer("dropped", StandardCharsets.US_ASCII)));
            long kept = writer.position();
            assertTrue(writer.writeAll(Unpooled.copiedBuffer("this is kept", StandardCharsets.US_ASCII)));
            long end = writer.position();
            assertTrue(writer.writeAll(Unpooled.copiedBuffer("dropped", StandardCharsets.US_ASCII)));
            writer.move(kept, kept - 7, 12);
            writer.takeBack(end - 7);
            writer.commit();
            ByteBuf target = Unpooled.buffer(100);
            assertEquals(12, reader.read(target));
            assertEquals("this is kept", target.toString(StandardCharsets.US_ASCII));
            reader.release();
        }
    }

    @Test
    void committedBytesCanBeNeitherMovedOnNorTakenBack() throws Exception {
        writer.write(bytes("ab"));
        writer.commit();
        writer.write(bytes("cd"));
        assertThrows(IllegalArgumentException.class, () -> writer.move(2, 1, 2));
        assertThrows(IllegalArgumentException.class, () -> writer.move(2, 2, 3));
        assertThrows(IllegalArgumentException.class, () -> writer.move(2, 3, 1));
        assertThrows(IllegalArgumentException.class, () -> writer.takeBack(1));
        assertThrows(IllegalArgumentException.class, () -> writer.takeBack(5));
        writer.takeBack(2);
        assertEquals(0, writer.uncommitted());
    }

    private static ByteBuffer bytes(String text) {
        return ByteBuffer.wrap(text.getBytes(StandardCharsets.US_ASCII));
    }
}
