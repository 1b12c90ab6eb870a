/* Copyright 2026 The Netty IPC Authors. Licensed under the Apache License, Version 2.0; see LICENSE. */
package io.nettyipc.shm.ring;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * The state of a jcstress test: a new connection, whose stream is the 64-bit numbers 1, 2, 3 and so on. One actor uses
 * the writer's methods, the other the reader's; they differ from the ring's in that they throw nothing checked, which
 * actors must not.
 */
class StressedRing {

    /** Of the ring, in numbers. */
    static final int CAPACITY = RingLayout.MIN_CAPACITY / Long.BYTES;

    /** Of a ring that grows, in numbers. */
    static final int FIRST = 64;

    /** What is in the ring's memory where nothing of the stream is. */
    private static final long STALE = -1;

    /** jcstress makes as many states as there are in all strides, runs the actors on each, and then replaces each. */
    static final int STRIDES = 16;

    static final int STRIDE_SIZE = 16;

    /** Twice as many as there are states: until a place's turn comes again, its last state has been replaced. */
    private static final Place[] PLACES = new Place[2 * STRIDES * STRIDE_SIZE];

    private static final AtomicInteger TURN = new AtomicInteger();

    /** {@link #STALE} until the ring has been filled with it, then the stream. */
    private static final ByteBuf SOURCE = Unpooled.directBuffer(3 * CAPACITY * Long.BYTES);

    static {
        for (int i = 0; i < PLACES.length; i++) {
            PLACES[i] = new Place();
        }
        for (int i = 0; i < CAPACITY; i++) {
            SOURCE.writeLong(STALE);
        }
        for (long number = 1; number <= 2 * CAPACITY; number++) {
            SOURCE.writeLong(number);
        }
    }

    private final RingWriter writer;
    private final RingReader reader;
    private final ByteBuf source = SOURCE.duplicate();
    private final ByteBuf target;
    private int numbersRead;

    /**
     * Starts with an empty ring.
     *
     * @param position how many numbers are before the first of the stream, all of them read, besides those of full
     *     turns
     */
    StressedRing(int position) {
        this(position, false);
    }

    /**
     * As {@link #StressedRing(int)}.
     *
     * @param growing whether it has room for {@link #FIRST} numbers until it grows
     */
    StressedRing(int position, boolean growing) {
        Place place = PLACES[Math.floorMod(TURN.getAndIncrement(), PLACES.length)];
        TestConnection connection;
        if (growing) {
            place.growing = place.growing == null
                    ? TestConnection.growing(FIRST * Long.BYTES, CAPACITY * Long.BYTES)
                    : place.growing.renewed();
            connection = place.growing;
        } else {
            place.connection = place.connection.renewed();
            connection = place.connection;
        }
        writer = connection.a.writer();
        reader = connection.b.reader();
        target = place.target;
        pass(growing ? FIRST : CAPACITY);
        pass(position);
        source.setIndex(CAPACITY * Long.BYTES, CAPACITY * Long.BYTES);
        target.setZero(0, target.capacity());
    }

    private void pass(int staleNumbers) {
        source.setIndex(0, 0);
        commit(staleNumbers);
        read(staleNumbers);
        release();
        numbersRead = 0;
    }

    /** Writes the next numbers, as many as there is room for, and commits them. Returns whether it rings. */
    final boolean commit(int numbers) {
        try {
            write(numbers);
            return writer.commit();
        } catch (CorruptRingException e) {
            throw new AssertionError(e);
        }
    }

    /** Writes the next numbers, as many as there is room for. Returns how many. */
    final int write(int numbers) {
        try {
            return writer.write(source.writerIndex(source.readerIndex() + numbers * Long.BYTES)) / Long.BYTES;
        } catch (CorruptRingException e) {
            throw new AssertionError(e);
        }
    }

    final boolean end() {
        try {
            return writer.end();
        } catch (CorruptRingException e) {
            throw new AssertionError(e);
        }
    }

    final boolean sleepUntilSpace() {
        try {
            return writer.sleepUntilSpace();
        } catch (CorruptRingException e) {
            throw new AssertionError(e);
        }
    }

    final boolean hasEnoughSpace() {
        try {
            return writer.hasEnoughSpace();
        } catch (CorruptRingException e) {
            throw new AssertionError(e);
        }
    }

    /** Reads the next numbers, as many as there are. Returns how many. */
    final int read(int numbers) {
        try {
            ByteBuf next = target.slice(numbersRead * Long.BYTES, numbers * Long.BYTES);
            int read = reader.read(next.writerIndex(0)) / Long.BYTES;
            numbersRead += read;
            return read;
        } catch (CorruptRingException e) {
            throw new AssertionError(e);
        }
    }

    /** Returns a number of those read; 0 if not that many were read. */
    final long number(int index) {
        return target.getLong(index * Long.BYTES);
    }

    /** Returns whether it rings. */
    final boolean release() {
        try {
            return reader.release();
        } catch (CorruptRingException e) {
            throw new AssertionError(e);
        }
    }

    final boolean sleepUntilData() {
        try {
            return reader.sleepUntilData();
        } catch (CorruptRingException e) {
            throw new AssertionError(e);
        }
    }

    final boolean isEnded() {
        return reader.isEnded();
    }

    /** Memory for one state after the other: making it anew would take more time than the tests. */
    private static final class Place {
        final ByteBuf target = Unpooled.directBuffer(CAPACITY * Long.BYTES);
        TestConnection connection = new TestConnection(RingLayout.MIN_CAPACITY);
        TestConnection growing;
    }
}
