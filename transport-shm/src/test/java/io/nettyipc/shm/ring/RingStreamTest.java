/* Copyright 2026 The Netty IPC Authors. Licensed under the Apache License, Version 2.0; see LICENSE. */
package io.nettyipc.shm.ring;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.nettyipc.base.testing.TestSize;
import java.nio.ByteBuffer;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Whatever is written comes out, in order, however it is cut and wherever the ring's end falls. */
class RingStreamTest {

    private static final int CAPACITY = RingLayout.MIN_CAPACITY;

    @Test
    void aFullRingOfBytesPassesAtEveryOffset() throws Exception {
        TestConnection connection = new TestConnection(CAPACITY);
        RingWriter writer = connection.a.writer();
        RingReader reader = connection.b.reader();
        ByteBuffer source = ByteBuffer.allocateDirect(CAPACITY);
        ByteBuffer target = ByteBuffer.allocateDirect(CAPACITY);
        ByteBuf sourceBuf = Unpooled.wrappedBuffer(source);
        ByteBuf targetBuf = Unpooled.directBuffer(CAPACITY, CAPACITY);
        long position = 0;
        for (int offset = 0; offset < CAPACITY; offset++) {
            assertEquals(offset, position % CAPACITY);
            Pattern.fill(source.clear(), position);
            assertEquals(CAPACITY, writer.write(source));
            writer.commit();
            assertEquals(CAPACITY, reader.read(target.clear()));
            Pattern.check(target.clear(), position);
            reader.release();
            position += CAPACITY;

            Pattern.fill(source.clear(), position);
            assertEquals(CAPACITY, writer.write(sourceBuf.setIndex(0, CAPACITY)));
            writer.commit();
            assertEquals(CAPACITY, reader.read(targetBuf.clear()));
            Pattern.check(targetBuf.nioBuffer(), position);
            reader.release();
            position += CAPACITY;

            writer.write(Pattern.fill(source.clear().limit(1), position));
            writer.commit();
            reader.read(target.clear());
            Pattern.check(target.flip(), position);
            reader.release();
            position++;
        }
        targetBuf.release();
        connection.memoryA.assertGuardsUntouched();
        connection.memoryB.assertGuardsUntouched();
    }

    /**
     * Each is committed at once, half of them are beside the tail too, and most of those are overwritten before they
     * are read.
     */
    @RepeatedTest(4)
    @Timeout(60)
    void shortMessagesArriveWholeWhileTheNextAreWritten() throws Exception {
        long length = (long) TestSize.of(4, 10) << 20;
        TestConnection connection = TestConnection.growing(CAPACITY / 8, CAPACITY);
        CompletableFuture<Void> written = CompletableFuture.runAsync(
                () -> {
                    SplittableRandom random = new SplittableRandom();
                    ByteBuffer source = ByteBuffer.allocateDirect(2 * RecentBytes.SIZE);
                    try {
                        for (long position = 0; position < length; ) {
                            int size = (int) Math.min(length - position, random.nextInt(1, 2 * RecentBytes.SIZE + 1));
                            ByteBuf message = Unpooled.wrappedBuffer(
                                    Pattern.fill(source.clear().limit(size), position));
                            while (!connection.a.writer().writeAll(message)) {
                                Thread.onSpinWait();
                            }
                            connection.a.writer().commit();
                            position += size;
                        }
                    } catch (CorruptRingException e) {
                        throw new AssertionError(e);
                    }
                },
                task -> new Thread(task, "writer").start());
        RingReader reader = connection.b.reader();
        ByteBuf target = Unpooled.directBuffer(CAPACITY, CAPACITY);
        for (long position = 0; position < length; ) {
            int taken = reader.read(target.clear());
            Pattern.check(target.nioBuffer(), position);
            position += taken;
            reader.release();
        }
        target.release();
        written.get();
        connection.memoryA.assertGuardsUntouched();
        connection.memoryB.assertGuardsUntouched();
    }

    @Test
    void moreBytesPassThanAnIntegerCounts() throws Exception {
        int capacity = 1 << 20;
        TestConnection connection = new TestConnection(capacity);
        ByteBuffer source = ByteBuffer.allocateDirect(capacity - 40);
        ByteBuffer target = ByteBuffer.allocateDirect(capacity);
        for (long position = 0; position < (1L << 32) + (1L << 31); position += source.capacity()) {
            source.putLong(0, position).putLong(source.capacity() - 8, ~position);
            assertEquals(source.capacity(), connection.a.writer().write(source.clear()));
            connection.a.writer().commit();
            assertEquals(source.capacity(), connection.b.reader().read(target.clear()));
            connection.b.reader().release();
            assertEquals(position, target.getLong(0));
            assertEquals(~position, target.getLong(source.capacity() - 8));
        }
    }

    /** Each side sleeps whenever it can't go on, so a lost wake-up ends the test by its timeout. */
    @RepeatedTest(4)
    @Timeout(60)
    void aStreamCutAtRandomArrivesWhole() throws Exception {
        long seed = System.nanoTime();
        System.out.println("seed " + seed);
        SplittableRandom random = new SplittableRandom(seed);
        long length = (long) TestSize.of(4, 20) << 20;
        int size = random.nextInt(5);
        int capacity = CAPACITY << size;
        int first = CAPACITY << random.nextInt(size + 1);
        TestConnection connection = TestConnection.growing(first, capacity);
        Semaphore dataBell = new Semaphore(0);
        Semaphore spaceBell = new Semaphore(0);
        SplittableRandom writerRandom = random.split();
        CompletableFuture<Integer> written = CompletableFuture.supplyAsync(
                () -> {
                    try {
                        return write(connection.a.writer(), writerRandom, length, dataBell, spaceBell);
                    } catch (Exception e) {
                        throw new AssertionError(e);
                    }
                },
                task -> new Thread(task, "writer").start());

        int sleeps = read(connection.b.reader(), random, length, dataBell, spaceBell);

        System.out.println("capacity " + first + " to " + capacity + ": reader slept " + sleeps + " times, writer "
                + written.get() + " times");
        connection.memoryA.assertGuardsUntouched();
        connection.memoryB.assertGuardsUntouched();
    }

    private static int write(
            RingWriter writer, SplittableRandom random, long length, Semaphore dataBell, Semaphore spaceBell)
            throws Exception {
        ByteBuffer source = ByteBuffer.allocateDirect(3 * writer.capacity());
        int sleeps = 0;
        for (long position = 0; position < length; ) {
            int bound = 1 + random.nextInt(random.nextBoolean() ? 200 : source.capacity());
            int size = (int) Math.min(length - position, random.nextInt(1, bound + 1));
            Pattern.fill(source.clear().limit(size), position);
            ByteBuf sourceBuf = random.nextBoolean() ? Unpooled.wrappedBuffer(source) : null;
            for (int done = 0; done < size; ) {
                int taken = sourceBuf == null ? writer.write(source) : writer.write(sourceBuf);
                done += taken;
                if ((done < size || random.nextBoolean()) && writer.commit()) {
                    dataBell.release();
                }
                if (taken == 0 && writer.sleepUntilSpace()) {
                    sleeps++;
                    assertTrue(spaceBell.tryAcquire(30, TimeUnit.SECONDS), "the writer was not woken");
                    writer.wake();
                }
            }
            position += size;
        }
        if (writer.end()) {
            dataBell.release();
        }
        return sleeps;
    }

    private static int read(
            RingReader reader, SplittableRandom random, long length, Semaphore dataBell, Semaphore spaceBell)
            throws Exception {
        ByteBuf target = Unpooled.directBuffer(2 * reader.capacity(), 2 * reader.capacity());
        ByteBuffer buffer = ByteBuffer.allocateDirect(2 * reader.capacity());
        long position = 0;
        int sleeps = 0;
        while (!reader.isEnded()) {
            int size = 1 + random.nextInt(random.nextBoolean() ? 200 : buffer.capacity());
            int taken;
            if (random.nextBoolean()) {
                taken = reader.read(buffer.clear().limit(size));
                Pattern.check(buffer.flip(), position);
            } else {
                taken = reader.read(target.setIndex(target.capacity() - size, target.capacity() - size));
                Pattern.check(target.nioBuffer(), position);
            }
            position += taken;
            if ((taken == 0 || random.nextBoolean()) && reader.release()) {
                spaceBell.release();
            }
            if (taken == 0 && reader.sleepUntilData()) {
                sleeps++;
                assertTrue(dataBell.tryAcquire(30, TimeUnit.SECONDS), "the reader was not woken");
                reader.wake();
            }
        }
        target.release();
        assertEquals(length, position);
        return sleeps;
    }
}
