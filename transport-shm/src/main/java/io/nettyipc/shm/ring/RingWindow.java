/* Copyright 2026 The Netty IPC Authors. Licensed under the Apache License, Version 2.0; see LICENSE. */
package io.nettyipc.shm.ring;

/**
 * The part of a ring that is in use: at first a few of its bytes, and all of them once the reader has left those full.
 * All of a window is used in turn, so that a small one takes less memory and stays in the processor's cache.
 *
 * <p>It grows where the writer finds it full, wherever that is. The bytes go on behind its end; those before stay where
 * they are, for whoever has not read them:
 *
 * <pre>
 *   place in the stream   0 .. 9     10 .. 13    14 .. 43              44 .. 53   54 .. 83
 *   place in the ring     0 .. 9      0 .. 3    | 10 .. 39              0 .. 9    10 .. 39
 *                         window of 10          | grown to 40
 * </pre>
 *
 * <p>The reader had left 4 to 13 when the window grew. The writer comes to the front again at place 44: only when all
 * before place 14 was read, since those bytes don't lie there in the order in which they are read.
 *
 * <p>The writer decides. It stores the place where the window grows in its segment before it commits bytes behind that
 * place, and says so in each tail until the reader is beyond it. So both compute where a byte lies from places that
 * they know for themselves.
 */
final class RingWindow {

    private final int first;
    private final int capacity;
    private int size;
    /** The place in the stream from which on bytes lie as they do in the window of this size. */
    private long start;
    /** The place whose byte lies, or would lie, at the front. */
    private long origin;

    /**
     * @param first    its size until it grows; a power of two
     * @param capacity its size after that; another one, or the same if it doesn't grow
     */
    RingWindow(int first, int capacity) {
        this.first = first;
        this.capacity = capacity;
        size = first;
    }

    int size() {
        return size;
    }

    boolean isWhole() {
        return size == capacity;
    }

    /** Returns how many bytes it has more when it has grown. */
    int growth() {
        return capacity - first;
    }

    long start() {
        return start;
    }

    long origin() {
        return origin;
    }

    /** Returns where in the ring the byte at that place in the stream is, which is not before the {@link #start()}. */
    int offset(long place) {
        return (int) (place - origin) & (size - 1);
    }

    /** As {@link #offset}, also of bytes before the start that the reader hasn't read. */
    int offsetOfAny(long place) {
        return place < start ? (int) place & (first - 1) : offset(place);
    }

    /** Returns how many bytes lie side by side from that one on, which the reader hasn't read. */
    int sideBySide(long place) {
        return place < start
                ? (int) Math.min(start - place, first - ((int) place & (first - 1)))
                : size - offset(place);
    }

    /** Returns the place up to which there is room when the reader has released what is before another. */
    long limit(long released) {
        return released < start ? start + growth() : released + size;
    }

    /** Whether a reader that has released what is before a place may not know yet that it has grown. */
    boolean isNews(long released) {
        return start != 0 && released <= start;
    }

    /** Grows, at the place of the next byte. */
    void grow(long place) {
        start = place;
        origin = place - first;
        size = capacity;
    }

    /** Takes that back, before anybody knows of it. */
    void shrink() {
        start = 0;
        origin = 0;
        size = first;
    }
}
