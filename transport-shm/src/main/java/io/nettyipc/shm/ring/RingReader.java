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

    private static final long NOWHERE = Long.MAX_VALUE;

    private final int capacity;
    private final ByteBuffer memory;
    private final ByteBuffer data;
    /** Of {@link #data}, or 0 if nothing can be copied by address. */
    private final long dataAddress;

    private final PeerRecentBytes recent;

    private final PreparedBytes prepared;
    private final RingWindow window;
    private final RingGrowth growth;

    private final ByteBuffer peer;
    private final PeerCounter tail;
    private final PeerEpoch writerWaits;
    private final WaitEpoch dataWanted;
    private final RingPair pair;
    /** Bytes copied out, released or not. */
    private long position;
    /** The head's value as last stored. */
    private long released;
    /** Where the bytes end that can be read now: at the tail, or before that where the ring has grown. */
    private long readable;
    /** Where the ring has grown, until the position is there. */
    private long grownAt = NOWHERE;

    RingReader(
            RingPair pair,
            ByteBuffer own,
            RingMemory peerMemory,
            ByteBuffer peer,
            RingWindow window,
            RingGrowth growth) {
        this.pair = pair;
        this.window = window;
        this.growth = growth;
        this.peer = peer;
        capacity = window.size() + window.growth();
        memory = own;
        data = peer.slice(RingLayout.DATA, capacity);
        dataAddress = AddressCopy.isAvailable() ? peerMemory.address() + RingLayout.DATA : 0;
        recent = new PeerRecentBytes(peer, peerMemory.address());
        prepared = new PreparedBytes(peerMemory, window);
        tail = new PeerCounter("tail (four times the position, plus two at the end)", peer, RingLayout.TAIL);
        writerWaits = new PeerEpoch("epoch of waiting for space", peer, RingLayout.WAITS_FOR_SPACE);
        dataWanted = new WaitEpoch(own, RingLayout.WAITS_FOR_DATA);
    }

    public int capacity() {
        return capacity;
    }

    /** Returns how many bytes of the ring are in use: its capacity, or fewer as long as the peer needs no more. */
    public int windowSize() {
        return window.size();
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
                look();
                return available();
            } finally {
                pair.raiseFault();
            }
        } catch (InternalError e) {
            throw CorruptRingException.inaccessible(e);
        }
    }

    /** Whether everything was read and the peer will write no more, as of the last look at the ring. */
    public boolean isEnded() {
        return (tail.seen() & RingLayout.END) != 0 && unread() == 0;
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
                    int first = Math.min(length, window.size() - offset);
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
                int first = Math.min(length, window.size() - offset);
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
        if (length > unread()) {
            throw new CorruptRingException(
                    "the peer says that it has left out " + length + " bytes, and there are " + unread());
        }
        position += length;
        if (position >= grownAt) {
            enterGrown();
            readable = position;
        }
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
                if (position == grownAt) {
                    enterGrown();
                }
                // By the tail as last seen, the ring may look emptier than it is: then the writer wakes in vain, once.
                int free = window.size() - unread();
                return free >= RingPair.enoughSpace(window.size()) && writerWaits.mustRing();
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
                look();
                if ((tail.seen() & RingLayout.END) == 0 && unread() == 0) {
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
     * Tells the writer that nobody will read any more, and how much was read. To be followed by a ring of the peer's
     * doorbell, or the end of the connection.
     *
     * @throws CorruptRingException if the memory is gone
     */
    public void close() throws CorruptRingException {
        pair.ensureOpen();
        try {
            try {
                SharedLongs.setRelease(memory, RingLayout.HEAD, position);
                dataWanted.close();
            } finally {
                pair.raiseFault();
            }
        } catch (InternalError e) {
            throw CorruptRingException.inaccessible(e);
        }
    }

    private int offset() {
        return window.offset(position);
    }

    /** Copies the last bytes from a place that costs no further cache miss, if they are few. */
    private boolean copyRecent(int length, ByteBuf target, int to) {
        return length <= RecentBytes.SIZE
                && length == unread()
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
        if (available() == 0) {
            look();
        }
        return available();
    }

    private int available() {
        return (int) (readable - position);
    }

    /** Returns how many bytes there are up to the tail as last seen. */
    private int unread() {
        return (int) ((tail.seen() >>> RingLayout.TAIL_BITS) - position);
    }

    private void look() throws CorruptRingException {
        long seen = tail.seen();
        // Behind the end comes nothing; before it, no more than the space that was released holds.
        long limit = (seen & RingLayout.END) != 0
                ? seen
                : ((released + capacity) << RingLayout.TAIL_BITS) | RingLayout.END | RingLayout.GROWN;
        long found = tail.look(limit);
        long end = found >>> RingLayout.TAIL_BITS;
        if (!window.isWhole()) {
            end = readableInFirst(found, end);
        }
        if (end > prepared.end()) {
            prepared.extend(end);
        }
        readable = end;
    }

    /** Returns where the bytes end that can be read while the ring may grow. */
    private long readableInFirst(long found, long end) throws CorruptRingException {
        if ((found & RingLayout.GROWN) != 0 && grownAt == NOWHERE) {
            lookWhereGrown();
        }
        if (position == grownAt) {
            enterGrown();
            return end;
        }
        long first = Math.min(end, grownAt);
        if (first > released + window.size()) {
            throw new CorruptRingException("the peer's tail is at " + end + ", and its ring of " + window.size()
                    + " bytes has not grown behind " + released);
        }
        return first;
    }

    private void lookWhereGrown() throws CorruptRingException {
        long place = SharedLongs.getAcquire(peer, RingLayout.GROWN_AT) - 1;
        if (place < position || place > released + window.size()) {
            throw new CorruptRingException("the peer says that its ring has grown at " + place
                    + "; that cannot be before " + position + " nor behind " + (released + window.size()));
        }
        grownAt = place;
    }

    private void enterGrown() {
        if (!growth.take(window.growth())) {
            prepared.takePeersOnly();
        }
        window.grow(grownAt);
        prepared.windowChanged();
        grownAt = NOWHERE;
    }
}
