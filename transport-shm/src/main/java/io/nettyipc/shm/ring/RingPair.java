/* Copyright 2026 The Netty IPC Authors. Licensed under the Apache License, Version 2.0; see LICENSE. */
package io.nettyipc.shm.ring;

import java.nio.ByteBuffer;

/**
 * One side of a connection: the writer of the ring in its own segment and the reader of the ring in the peer's. Both
 * belong to one thread, the channel's event loop; so does the call of {@link #close()}.
 *
 * <p>It owns the two segments from then on: nobody else may use or close them. That is what makes it impossible to use
 * memory that is no longer mapped: the only buffers over it are in here, and everything in here refuses after
 * {@link #close()}.
 */
public final class RingPair implements AutoCloseable {

    /** The number of no processor. */
    private static final int UNKNOWN_PROCESSOR = -1;

    private final RingMemory own;
    private final RingMemory peer;
    private final RingWriter writer;
    private final RingReader reader;
    private final ByteBuffer ownBuffer;
    private final ByteBuffer peerBuffer;
    private final boolean mayFault;
    private int processor = UNKNOWN_PROCESSOR;
    private boolean closed;

    /**
     * @param own          this side's segment, zeroed
     * @param ownCapacity  capacity of the ring in it
     * @param peer         the view of the peer's segment
     * @param peerCapacity capacity of the ring in that
     * @throws IllegalArgumentException if a capacity is not one, or does not fit its segment; the segments stay the
     *     caller's
     */
    public RingPair(RingMemory own, int ownCapacity, RingMemory peer, int peerCapacity) {
        this(own, ownCapacity, ownCapacity, peer, peerCapacity, peerCapacity, RingGrowth.FREE);
    }

    /**
     * As {@link #RingPair(RingMemory, int, RingMemory, int)}, of rings that may grow.
     *
     * @param ownFirst  how much of the own ring is in use until it grows: a power of two, at most its capacity
     * @param peerFirst how much of the peer's
     * @param growth    asked before any of them uses more
     */
    public RingPair(
            RingMemory own,
            int ownFirst,
            int ownCapacity,
            RingMemory peer,
            int peerFirst,
            int peerCapacity,
            RingGrowth growth) {
        ownBuffer = checked("own", own, ownCapacity);
        peerBuffer = checked("the peer's", peer, peerCapacity).asReadOnlyBuffer();
        if (ownBuffer.isReadOnly()) {
            throw new IllegalArgumentException("own segment is read-only");
        }
        this.own = own;
        this.peer = peer;
        mayFault = own.mayFault() || peer.mayFault();
        writer = new RingWriter(this, own, ownBuffer, new RingWindow(ownFirst, ownCapacity), growth, peerBuffer);
        reader = new RingReader(this, ownBuffer, peer, peerBuffer, new RingWindow(peerFirst, peerCapacity), growth);
    }

    private static ByteBuffer checked(String whose, RingMemory memory, int capacity) {
        int expected = RingLayout.segmentSize(capacity);
        ByteBuffer buffer = memory.buffer();
        if (buffer.capacity() != expected) {
            throw new IllegalArgumentException(whose + " segment has " + buffer.capacity() + " bytes, expected "
                    + expected + " for a capacity of " + capacity);
        }
        if (!buffer.isDirect() || buffer.alignmentOffset(0, Long.BYTES) != 0) {
            throw new IllegalArgumentException(whose + " segment is not an aligned direct buffer");
        }
        return buffer;
    }

    /**
     * The free bytes for which a sleeping writer is woken. The one who wakes and the one who sleeps must agree on it.
     */
    static int enoughSpace(int windowSize) {
        return windowSize / 2;
    }

    public RingWriter writer() {
        return writer;
    }

    public RingReader reader() {
        return reader;
    }

    /** How often this side's ends have slept: a peer that keeps to the rules has rung no more often. */
    public long sleeps() {
        return reader.sleeps() + writer.sleeps();
    }

    /**
     * Tells the peer which processor this side's thread is on.
     *
     * @throws CorruptRingException if the memory is gone
     */
    public void setProcessor(int processor) throws CorruptRingException {
        ensureOpen();
        if (this.processor == processor) {
            return;
        }
        this.processor = processor;
        try {
            try {
                SharedLongs.setRelease(ownBuffer, RingLayout.PROCESSOR, processor + 1L);
            } finally {
                raiseFault();
            }
        } catch (InternalError e) {
            throw CorruptRingException.inaccessible(e);
        }
    }

    /**
     * Returns the processor that the peer says its thread is on, or -1 if it doesn't say.
     *
     * @throws CorruptRingException if the memory is gone
     */
    public int peerProcessor() throws CorruptRingException {
        ensureOpen();
        try {
            try {
                long number = SharedLongs.getAcquire(peerBuffer, RingLayout.PROCESSOR);
                return number > 0 && number <= Integer.MAX_VALUE ? (int) number - 1 : UNKNOWN_PROCESSOR;
            } finally {
                raiseFault();
            }
        } catch (InternalError e) {
            throw CorruptRingException.inaccessible(e);
        }
    }

    /** Tells the peer that it may ring by this side's eventfd from now on. Not in memory that can be gone. */
    public void hearEventFd() {
        ensureOpen();
        SharedLongs.setRelease(ownBuffer, RingLayout.HEARS_EVENT_FD, 1);
    }

    /** Whether the peer says that it hears its eventfd; it hears bytes in any case. Not in memory that can be gone. */
    public boolean peerHearsEventFd() {
        ensureOpen();
        return SharedLongs.getAcquire(peerBuffer, RingLayout.HEARS_EVENT_FD) != 0;
    }

    /** Whether the peer says that its ring has grown, whether this side has seen it or not. */
    public boolean hasPeerGrown() {
        ensureOpen();
        return SharedLongs.getAcquire(peerBuffer, RingLayout.GROWN_AT) != 0;
    }

    void ensureOpen() {
        if (closed) {
            throw new IllegalStateException("the ring is closed");
        }
    }

    /**
     * Makes an {@link InternalError} of an access just made come now. The JVM throws it when the thread next looks for
     * such things, which can be long after the ring was left, in code that would not know what it means. On JDK 17 a
     * thread does not look when a native method returns, nor reliably after parking. It does on the way back from the
     * JVM's own runtime, which always creates arrays of arrays whose sizes are not constants: the cheapest such way
     * known.
     */
    void raiseFault() {
        if (mayFault) {
            int none = closed ? 1 : 0;
            if (new byte[none][none].length != none) {
                throw new AssertionError();
            }
        }
    }

    /** As {@link #close}, but leaves the segments to the caller. Does nothing once it is closed. */
    public void release() {
        closed = true;
    }

    /** Gives both segments back. The writer and the reader refuse every call from then on. */
    @Override
    public void close() {
        if (!closed) {
            closed = true;
            try {
                own.close();
            } finally {
                peer.close();
            }
        }
    }
}
