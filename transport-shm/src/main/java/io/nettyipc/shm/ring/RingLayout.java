/* Copyright 2026 The Netty IPC Authors. Licensed under the Apache License, Version 2.0; see LICENSE. */
package io.nettyipc.shm.ring;

import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;

/**
 * Where things are in a segment. Each side of a connection owns one segment, which only that side can write to; the
 * peer maps it for reading. Two segments hold the two rings, crosswise:
 *
 * <pre>
 *   segment of A                                       segment of B
 *   +------+--------------------------------+          +------+--------------------------------+
 *   |    0 | tail of the ring A to B        |---read-->|    0 | tail of the ring B to A        |
 *   |    8 | start of A's recent bytes      |          |    8 | start of B's recent bytes      |
 *   |   16 | recent bytes                   |          |   16 | recent bytes                   |
 *   |  128 | head: A's place in ring B to A |    by    |  128 | head: B's place in ring A to B |
 *   |  256 | A waits for data    (epoch)    |   peer   |  256 | B waits for data    (epoch)    |
 *   |  384 | A waits for space   (epoch)    |          |  384 | B waits for space   (epoch)    |
 *   |  512 | processor that A's thread is on|&lt;--read---|  512 | processor that B's thread is on|
 *   |  520 | place where A to B has grown   |          |  520 | place where B to A has grown   |
 *   |  528 | whether A hears its eventfd    |          |  528 | whether B hears its eventfd    |
 *   |  536 | unused up to one page          |          |  536 | unused up to one page          |
 *   | 4096 | bytes of the ring A to B       |    by    | 4096 | bytes of the ring B to A       |
 *   +------+--------------------------------+   peer   +------+--------------------------------+
 * </pre>
 *
 * <p>All of them are 64-bit words in native byte order. What is written at different times has 128 bytes for itself: a
 * cache line, and the neighbour that processors fetch along with it, so that a word written often does not slow down
 * the reading of another.
 *
 * <ul>
 *   <li><b>tail</b>: how many bytes were ever written, times four; plus two when there will be no more, and one as long
 *       as the writer doesn't know that the reader is where the ring has grown. One release store commits the bytes
 *       before it, or the end of the stream. There is no state to be repaired after a crash in the middle of a write.
 *   <li><b>head</b>: how many bytes were ever read.
 *   <li><b>place where it has grown</b>, plus one; 0 if it hasn't: {@link RingWindow} says where a byte lies.
 *   <li><b>recent bytes</b>: the bytes of the last commit once more, up to {@value RecentBytes#SIZE}; see
 *       {@link RecentBytes}.
 *   <li><b>epochs</b>: see {@link WaitEpoch}.
 *   <li><b>processor</b>: the system's number of it, plus one; 0 where it isn't known. A hint: where both threads are
 *       on one processor, looking at the ring keeps the peer from writing to it.
 *   <li><b>whether a side hears its eventfd</b>: 0 as long as it is to be rung by bytes on the control connection.
 * </ul>
 *
 * <p>The words in a side's own segment are output only: the side keeps its positions privately and never reads them
 * back. There is no header either: the capacities come from the handshake and are checked against the size of the
 * memory, never read from it.
 */
public final class RingLayout {

    /** The smallest capacity of a ring, in bytes. */
    public static final int MIN_CAPACITY = 4 << 10;

    /** The largest capacity of a ring, in bytes. */
    public static final int MAX_CAPACITY = 1 << 30;

    static final int TAIL = 0;
    static final int RECENT_START = 8;
    static final int RECENT = 16;
    static final int HEAD = 128;
    static final int WAITS_FOR_DATA = 256;
    static final int WAITS_FOR_SPACE = 384;
    static final int PROCESSOR = 512;
    static final int GROWN_AT = 520;
    static final int HEARS_EVENT_FD = 528;
    private static final int WORDS_END = 536;

    /** Bits of the tail, below the position. */
    static final int TAIL_BITS = 2;

    static final int END = 2;
    static final int GROWN = 1;

    /** The bytes start on a page of their own, so that copies are aligned as well as the application's buffers are. */
    static final int DATA = 4096;

    private RingLayout() {}

    /** Whether a ring can have that capacity: a power of two within the limits. */
    public static boolean isCapacity(long bytes) {
        return bytes >= MIN_CAPACITY && bytes <= MAX_CAPACITY && Long.bitCount(bytes) == 1;
    }

    /**
     * Returns the size in bytes of a segment whose outgoing ring has that capacity.
     *
     * @throws IllegalArgumentException if {@link #isCapacity} says no
     */
    public static int segmentSize(int capacity) {
        if (!isCapacity(capacity)) {
            throw new IllegalArgumentException("capacity: " + capacity + " (expected: a power of two from "
                    + MIN_CAPACITY + " to " + MAX_CAPACITY + ')');
        }
        return DATA + capacity;
    }

    /** Makes the words of a segment what they are in a new one. The bytes of its ring stay. */
    public static void clear(ByteBuffer segment) {
        for (int offset = 0; offset < WORDS_END; offset += Long.BYTES) {
            segment.putLong(offset, 0);
        }
        VarHandle.fullFence();
    }
}
