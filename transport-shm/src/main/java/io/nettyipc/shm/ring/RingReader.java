/* Copyright 2026 The Netty IPC Authors. Licensed under the Apache License, Version 2.0; see LICENSE. */
package io.nettyipc.shm.ring;

import io.netty.buffer.ByteBuf;
import java.nio.ByteBuffer;

/**
 * The consumer's end of a ring: copies bytes out of the peer's segment and gives their space back. What was copied can
 * be trusted to stay as it is; what is still in the ring can be changed by the peer at any time.
 *
 * <p>For one thread, and until its {@link RingPair} is closed. No method blocks, loops over anything the peer can
 * change, or allocates, except that a heap {@link ByteBuf} may create a view of itself.
 */
public final class RingReader {

    private final int capacity;
    private final ByteBuffer memory;
    private final ByteBuffer data;
    /** Of {@link #data}, or 0 if nothing can be copied by address. */
    private final long dataAddress;

    private final PeerRecentBytes recent;

    private final PreparedBytes prepared;

    private final PeerCounter tail;
    private final PeerEpoch writerWaits;
    private final WaitEpoch dataWanted;
    private final RingPair pair;
    /** Bytes copied out, released or not. */
    private long position;
    /** The head's value as last stored. */
    private long released;

    RingReader(RingPair pair, ByteBuffer own, RingMemory peerMemory, ByteBuffer peer, int capacity) {
        this.pair = pair;
        this.capacity = capacity;
        memory = own;
        data = peer.slice(RingLayout.DATA, capacity);
        dataAddress = AddressCopy.isAvailable() ? peerMemory.address() + RingLayout.DATA : 0;
        recent = new PeerRecentBytes(peer, peerMemory.address());
        prepared = new PreparedBytes(peerMemory, capacity);
        tail = new PeerCounter("tail (twice the position, plus one at the end)", peer, RingLayout.TAIL);
        writerWaits = new PeerEpoch("epoch of waiting for space", peer, RingLayout.WAITS_FOR_SPACE);
        dataWanted = new WaitEpoch(own, RingLayout.WAITS_FOR_DATA);
    }

    public int capacity() {
        return capacity;
    }

    long sleeps() {
        return dataWanted.sleeps();
    }

    /**
     * Looks how many bytes can be read now.
     *
     * @throws CorruptRingException if the peer's position is impossible, or the memory is gone
     */
    public int readableBytes() throws CorruptRingException {
        pair.ensureOpen();
        try {
            try {
                return available(look());
            } finally {
                pair.raiseFault();
            }
        } catch (InternalError e) {
            throw CorruptRingException.inaccessible(e);
        }
    }

    /** Whether everything was read and the peer will write no more, as of the last look at the ring. */
    public boolean isEnded() {
        return (tail.seen() & 1) != 0 && available(tail.seen()) == 0;
    }

    /**
     * Copies bytes to a buffer, as many as there were at the last look and as it has
     * {@link ByteBuf#writableBytes() room for}, and moves its writer index; looks again only if none is left. Their
     * space is the writer's after {@link #release}.
     *
     * @return the number of bytes copied; 0 if the ring is empty
     * @throws CorruptRingException if the peer's position is impossible, or the memory is gone
     */
    public int read(ByteBuf target) throws CorruptRingException {
        pair.ensureOpen();
        try {
            try {
                int wanted = target.writableBytes();
                int length = Math.min(wanted, availableOrLook());
                int to = target.writerIndex();
                if (!copyRecent(length, target, to)) {
                    int offset = offset();
                    int first = Math.min(length, capacity - offset);
                    copy(offset, target, to, first);
                    if (first < length) {
                        copy(0, target, to + first, length - first);
                    }
                }
                target.writerIndex(to + length);
                position += length;
                return length;
            } finally {
                pair.raiseFault();
            }
        } catch (InternalError e) {
            throw CorruptRingException.inaccessible(e);
        }
    }

    /**
     * As {@link #read(ByteBuf)}, and moves the buffer's position.
     *
     * @return the number of bytes copied; 0 if the ring is empty
     * @throws CorruptRingException if the peer's position is impossible, or the memory is gone
     */
    public int read(ByteBuffer target) throws CorruptRingException {
        pair.ensureOpen();
        try {
            try {
                int wanted = target.remaining();
                int length = Math.min(wanted, availableOrLook());
                int offset = offset();
                int first = Math.min(length, capacity - offset);
                int to = target.position();
                target.put(to, data.clear(), offset, first);
                if (first < length) {
                    target.put(to + first, data, 0, length - first);
                }
                target.position(to + length);
                position += length;
                return length;
            } finally {
                pair.raiseFault();
            }
        } catch (InternalError e) {
            throw CorruptRingException.inaccessible(e);
        }
    }

    /**
     * Passes over bytes that the writer {@linkplain RingWriter#skip has left out}, as if they were read.
     *
     * @throws CorruptRingException if there were not that many at the last look
     */
    public void skip(int length) throws CorruptRingException {
        pair.ensureOpen();
        int available = available(tail.seen());
        if (length > available) {
            throw new CorruptRingException(
                    "the peer says that it has left out " + length + " bytes, and there are " + available);
        }
        position += length;
    }

    /** Returns the number of bytes that were read and whose space is not {@linkplain #release() released}. */
    public int unreleased() {
        return (int) (position - released);
    }

    /**
     * Gives the space of everything read so far back to the writer.
     *
     * @return whether the peer's doorbell must be rung, because its writer sleeps until there is space
     * @throws CorruptRingException if the peer's epoch is impossible, or the memory is gone; the space may be released
     */
    public boolean release() throws CorruptRingException {
        pair.ensureOpen();
        if (position == released) {
            return false;
        }
        try {
            try {
                SharedLongs.setRelease(memory, RingLayout.HEAD, position);
                released = position;
                // By the tail as last seen, the ring may look emptier than it is: then the writer wakes in vain, once.
                int free = capacity - available(tail.seen());
                return free >= RingPair.enoughSpace(capacity) && writerWaits.mustRing();
            } finally {
                pair.raiseFault();
            }
        } catch (InternalError e) {
            throw CorruptRingException.inaccessible(e);
        }
    }

    /**
     * Prepares to sleep until there is data, or the end of the stream: tells the writer to ring, and looks once more.
     * Release first; a writer that waits for space would wait for ever.
     *
     * @return whether to sleep; if not, there is something to read, or the stream has ended
     * @throws CorruptRingException if the peer's position is impossible, or the memory is gone
     */
    public boolean sleepUntilData() throws CorruptRingException {
        pair.ensureOpen();
        if (position != released) {
            throw new IllegalStateException(position - released + " bytes are not released");
        }
        try {
            try {
                dataWanted.sleep();
                long seen = look();
                if ((seen & 1) == 0 && available(seen) == 0) {
                    return true;
                }
                dataWanted.wake();
                return false;
            } finally {
                pair.raiseFault();
            }
        } catch (InternalError e) {
            throw CorruptRingException.inaccessible(e);
        }
    }

    /** Ends the sleep of {@link #sleepUntilData}: the writer need not ring. Does nothing when awake. */
    public void wake() throws CorruptRingException {
        pair.ensureOpen();
        try {
            try {
                dataWanted.wake();
            } finally {
                pair.raiseFault();
            }
        } catch (InternalError e) {
            throw CorruptRingException.inaccessible(e);
        }
    }

    /**
     * Tells the writer that nobody will read any more. To be followed by a ring of the peer's doorbell, or the end of
     * the connection.
     *
     * @throws CorruptRingException if the memory is gone
     */
    public void close() throws CorruptRingException {
        pair.ensureOpen();
        try {
            try {
                dataWanted.close();
            } finally {
                pair.raiseFault();
            }
        } catch (InternalError e) {
            throw CorruptRingException.inaccessible(e);
        }
    }

    private int offset() {
        return (int) (position & (capacity - 1));
    }

    /** Copies the last bytes from a place that costs no further cache miss, if they are few. */
    private boolean copyRecent(int length, ByteBuf target, int to) {
        return length <= RecentBytes.SIZE
                && length == available(tail.seen())
                && length != 0
                && isCopiedByAddress(target)
                && recent.copy(position, length, target.memoryAddress() + to);
    }

    private void copy(int offset, ByteBuf target, int to, int length) {
        if (isCopiedByAddress(target)) {
            AddressCopy.copy(dataAddress + offset, target.memoryAddress() + to, length);
        } else {
            target.setBytes(to, data.limit(offset + length).position(offset));
        }
    }

    private boolean isCopiedByAddress(ByteBuf target) {
        return dataAddress != 0 && target.hasMemoryAddress() && !target.isReadOnly();
    }

    /** Returns the known bytes; looks at the peer's tail, which may cost a cache miss, only if there are none. */
    private int availableOrLook() throws CorruptRingException {
        int available = available(tail.seen());
        return available == 0 ? available(look()) : available;
    }

    private int available(long tail) {
        return (int) ((tail >>> 1) - position);
    }

    private long look() throws CorruptRingException {
        long seen = tail.seen();
        // Behind the end comes nothing; before it, no more than the space that was released holds.
        long found = tail.look((seen & 1) != 0 ? seen : ((released + capacity) << 1) | 1);
        if (found >>> 1 > prepared.end()) {
            prepared.extend(found >>> 1);
        }
        return found;
    }
}
