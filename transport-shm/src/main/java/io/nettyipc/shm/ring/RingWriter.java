/* Copyright 2026 The Netty IPC Authors. Licensed under the Apache License, Version 2.0; see LICENSE. */
package io.nettyipc.shm.ring;

import io.netty.buffer.ByteBuf;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ReadableByteChannel;

/**
 * The producer's end of a ring: copies bytes into this side's segment and commits them.
 *
 * <p>For one thread, and until its {@link RingPair} is closed. No method blocks, loops over anything the peer can
 * change, or allocates, except that a heap {@link ByteBuf} may create a view of itself.
 */
// Longer than other files: writing, committing, growing and waiting for space change one state, for each message.
public final class RingWriter {

    private final int capacity;
    private final ByteBuffer memory;
    private final ByteBuffer data;
    /** A second view of {@link #data}: a {@link ByteBuf} fills what is between its position and limit. */
    private final ByteBuffer gap;
    /** Of {@link #data}, or 0 if nothing can be copied by address. */
    private final long dataAddress;

    /** Null if nothing can be copied by address. */
    private final RecentBytes recent;

    private final PreparedBytes prepared;
    private final RingWindow window;
    private final RingGrowth growth;
    private boolean growthTaken;

    private final PeerCounter head;
    private final PeerEpoch readerWaits;
    private final WaitEpoch spaceWanted;
    private final RingPair pair;
    /** Bytes copied in, committed or not. */
    private long position;
    /** The tail's value as last stored. */
    private long committed;

    /** The place up to which there is room, by the head as last seen. */
    private long limit;

    private boolean ended;

    RingWriter(
            RingPair pair,
            RingMemory ownMemory,
            ByteBuffer own,
            RingWindow window,
            RingGrowth growth,
            ByteBuffer peer) {
        this.pair = pair;
        this.window = window;
        this.growth = growth;
        capacity = window.size() + window.growth();
        limit = window.limit(0);
        memory = own;
        data = own.slice(RingLayout.DATA, capacity);
        gap = data.duplicate();
        dataAddress = AddressCopy.isAvailable() ? ownMemory.address() + RingLayout.DATA : 0;
        recent = dataAddress != 0 ? new RecentBytes(own, ownMemory.address(), window) : null;
        prepared = new PreparedBytes(ownMemory, window);
        head = new PeerCounter("head", peer, RingLayout.HEAD);
        readerWaits = new PeerEpoch("epoch of waiting for data", peer, RingLayout.WAITS_FOR_DATA);
        spaceWanted = new WaitEpoch(own, RingLayout.WAITS_FOR_SPACE);
    }

    public int capacity() {
        return capacity;
    }

    /** Returns how many bytes of the ring are in use: its capacity, or fewer as long as it hasn't grown. */
    public int windowSize() {
        return window.size();
    }

    long sleeps() {
        return spaceWanted.sleeps();
    }

    /** Returns how many bytes {@link #write} has taken that {@link #commit} has not yet shown to the reader. */
    public int uncommitted() {
        return (int) (position - committedPosition());
    }

    private long committedPosition() {
        return committed >>> RingLayout.TAIL_BITS;
    }

    /**
     * Looks how many bytes the ring has room for now, as large as it is.
     *
     * @throws CorruptRingException if the peer's position is impossible
     */
    public int writableBytes() throws CorruptRingException {
        pair.ensureOpen();
        try {
            try {
                return freeAtLeast(capacity);
            } finally {
                pair.raiseFault();
            }
        } catch (InternalError e) {
            throw CorruptRingException.inaccessible(e);
        }
    }

    /**
     * Copies as much of a buffer as there is room for, and moves its reader index. The reader sees nothing of it before
     * {@link #commit}.
     *
     * @return the number of bytes copied; 0 if the ring is full
     * @throws CorruptRingException if the peer's position is impossible, or the memory is gone
     */
    public int write(ByteBuf source) throws CorruptRingException {
        int length = write(source, source.readerIndex(), source.readableBytes());
        source.skipBytes(length);
        return length;
    }

    /**
     * Copies as much of a part of a buffer as there is room for, and leaves the buffer's indices alone. The reader sees
     * nothing of it before {@link #commit}.
     *
     * @param from where the part begins in the buffer
     * @param max  the part's length
     * @return the number of bytes copied; 0 if the ring is full
     * @throws CorruptRingException if the peer's position is impossible, or the memory is gone
     */
    public int write(ByteBuf source, int from, int max) throws CorruptRingException {
        ensureWritable();
        try {
            try {
                int length = takeUpTo(max);
                copy(source, from, length);
                if (length < max && grow()) {
                    int more = takeUpTo(max - length);
                    copy(source, from + length, more);
                    length += more;
                }
                return length;
            } finally {
                pair.raiseFault();
            }
        } catch (InternalError e) {
            throw CorruptRingException.inaccessible(e);
        }
    }

    /**
     * Copies all of a buffer's bytes, if there is room for all of them, and leaves its indices alone. The reader sees
     * nothing of it before {@link #commit}.
     *
     * @return whether there was; if not, nothing was copied
     * @throws CorruptRingException if the peer's position is impossible, or the memory is gone
     */
    public boolean writeAll(ByteBuf source) throws CorruptRingException {
        ensureWritable();
        try {
            try {
                int length = source.readableBytes();
                int free = freeAtLeast(length);
                if (free < length) {
                    return length <= free + window.growth()
                            && mayGrow()
                            && write(source, source.readerIndex(), length) == length;
                }
                prepare(length);
                copy(source, source.readerIndex(), length);
                return true;
            } finally {
                pair.raiseFault();
            }
        } catch (InternalError e) {
            throw CorruptRingException.inaccessible(e);
        }
    }

    private void copy(ByteBuf source, int from, int length) {
        int offset = offset();
        int first = Math.min(length, window.size() - offset);
        copy(source, from, offset, first);
        if (first < length) {
            copy(source, from + first, 0, length - first);
        }
        position += length;
    }

    /**
     * Copies as much of a buffer as there is room for, and moves its position. The reader sees nothing of it before
     * {@link #commit}.
     *
     * @return the number of bytes copied; 0 if the ring is full
     * @throws CorruptRingException if the peer's position is impossible, or the memory is gone
     */
    public int write(ByteBuffer source) throws CorruptRingException {
        ensureWritable();
        try {
            try {
                int wanted = source.remaining();
                int length = copy(source, takeUpTo(wanted));
                return length < wanted && grow() ? length + copy(source, takeUpTo(wanted - length)) : length;
            } finally {
                pair.raiseFault();
            }
        } catch (InternalError e) {
            throw CorruptRingException.inaccessible(e);
        }
    }

    private int copy(ByteBuffer source, int length) {
        int offset = offset();
        int first = Math.min(length, window.size() - offset);
        int from = source.position();
        data.put(offset, source, from, first);
        if (first < length) {
            data.put(0, source, from + first, length - first);
        }
        source.position(from + length);
        position += length;
        return length;
    }

    /**
     * Reads from a channel into the ring. The reader sees nothing of it before {@link #commit}.
     *
     * @param max how many bytes at most
     * @return the number of bytes read; 0 if the ring is full, or if the channel has none now; negative at its end
     * @throws CorruptRingException if the peer's position is impossible, or the memory is gone
     * @throws IOException          what the channel throws; the ring may have some of what was read
     */
    public int write(ReadableByteChannel source, int max) throws IOException {
        ensureWritable();
        try {
            try {
                int length = takeUpTo(max);
                int read = read(source, length);
                return read == length && length < max && grow()
                        ? read + Math.max(0, read(source, takeUpTo(max - length)))
                        : read;
            } finally {
                pair.raiseFault();
            }
        } catch (InternalError e) {
            throw CorruptRingException.inaccessible(e);
        }
    }

    private int read(ReadableByteChannel source, int length) throws IOException {
        int offset = offset();
        int first = Math.min(length, window.size() - offset);
        int read = source.read(gap.limit(offset + first).position(offset));
        // The source may throw the next time, and has given these.
        position += Math.max(0, read);
        if (read == first && first < length) {
            int more = Math.max(0, source.read(gap.limit(length - first).position(0)));
            position += more;
            read += more;
        }
        return read;
    }

    /**
     * Leaves out bytes of the ring, if there is room for all of them: the reader, which has to know that, finds nothing
     * in them. It sees them after {@link #commit}.
     *
     * @return whether there was; if not, none were left out
     * @throws CorruptRingException if the peer's position is impossible
     */
    public boolean skip(int length) throws CorruptRingException {
        ensureWritable();
        try {
            try {
                int free = freeAtLeast(length);
                if (free >= length) {
                    leaveOut(length);
                } else if (length <= free + window.growth() && mayGrow()) {
                    leaveOut(free);
                    grow();
                    leaveOut(length - free);
                } else {
                    return false;
                }
                return true;
            } finally {
                pair.raiseFault();
            }
        } catch (InternalError e) {
            throw CorruptRingException.inaccessible(e);
        }
    }

    private void leaveOut(int length) throws CorruptRingException {
        prepare(length);
        position += length;
    }

    /** Returns the number of bytes ever written, committed or not: where the next one goes. */
    public long position() {
        return position;
    }

    /**
     * Moves bytes that are not committed nearer to the committed ones.
     *
     * @param from   {@link #position()} before they were written
     * @param to     where the first of them is to be; not behind {@code from}
     * @param length how many
     */
    public void move(long from, long to, int length) {
        pair.ensureOpen();
        if (to < committedPosition() || to > from || from + length > position) {
            throw new IllegalArgumentException(
                    from + " + " + length + " to " + to + " is not within " + committedPosition() + ".." + position);
        }
        for (int moved = 0; moved < length; ) {
            long source = from + moved;
            long target = to + moved;
            int part = Math.min(length - moved, Math.min(window.sideBySide(source), window.sideBySide(target)));
            data.put(window.offsetOfAny(target), data, window.offsetOfAny(source), part);
            moved += part;
        }
    }

    /**
     * Takes back the last bytes, which are not committed.
     *
     * @param to {@link #position()} before they were written
     */
    public void takeBack(long to) {
        pair.ensureOpen();
        if (to < committedPosition() || to > position) {
            throw new IllegalArgumentException(to + " is not within " + committedPosition() + ".." + position);
        }
        position = to;
        if (to < window.start()) {
            // The reader has seen nothing of that, and knows the ring as it was.
            window.shrink();
            windowChanged();
        }
    }

    /**
     * Shows the reader everything written so far.
     *
     * @return whether the peer's doorbell must be rung, because its reader sleeps
     * @throws CorruptRingException if the peer's epoch is impossible, or the memory is gone; the bytes may be committed
     */
    public boolean commit() throws CorruptRingException {
        pair.ensureOpen();
        long before = committedPosition();
        if (position == before && ended == ((committed & RingLayout.END) != 0)) {
            return false;
        }
        long value = (position << RingLayout.TAIL_BITS)
                | (ended ? RingLayout.END : 0)
                | (window.isNews(head.seen()) ? RingLayout.GROWN : 0);
        try {
            try {
                if (recent != null) {
                    recent.put(before, position);
                }
                SharedLongs.setRelease(memory, RingLayout.TAIL, value);
                committed = value;
                return readerWaits.mustRing();
            } finally {
                pair.raiseFault();
            }
        } catch (InternalError e) {
            throw CorruptRingException.inaccessible(e);
        }
    }

    /**
     * Commits everything written so far and the end of the stream behind it: the half-close. Nothing can be written any
     * more.
     *
     * @return whether the peer's doorbell must be rung, because its reader sleeps
     * @throws CorruptRingException as {@link #commit} does
     */
    public boolean end() throws CorruptRingException {
        pair.ensureOpen();
        ended = true;
        return commit();
    }

    /**
     * Looks whether there is as much room as {@link #sleepUntilSpace} waits for.
     *
     * @throws CorruptRingException if the peer's position is impossible, or the memory is gone
     */
    public boolean hasEnoughSpace() throws CorruptRingException {
        return writableBytes() >= RingPair.enoughSpace(window.size());
    }

    /**
     * Looks whether the peer's reader is {@linkplain RingReader#close() closed}: nobody will read what is written.
     *
     * @throws CorruptRingException if the peer's epoch is impossible, or the memory is gone
     */
    public boolean isReaderClosed() throws CorruptRingException {
        pair.ensureOpen();
        try {
            try {
                return readerWaits.isClosed();
            } finally {
                pair.raiseFault();
            }
        } catch (InternalError e) {
            throw CorruptRingException.inaccessible(e);
        }
    }

    /**
     * Whether a reader that is closed had read all that is committed.
     *
     * @throws CorruptRingException if the peer's position is impossible, or the memory is gone
     */
    public boolean isAllRead() throws CorruptRingException {
        pair.ensureOpen();
        try {
            try {
                return head.look(committedPosition()) == committedPosition();
            } finally {
                pair.raiseFault();
            }
        } catch (InternalError e) {
            throw CorruptRingException.inaccessible(e);
        }
    }

    /** Whether {@link #isReaderClosed} would have said so when {@link #commit} last looked whether to ring. */
    public boolean wasReaderClosed() {
        return readerWaits.wasClosed();
    }

    /**
     * Prepares to sleep until there is space: tells the reader to ring, and looks once more. Commit first; the reader
     * cannot make room by reading bytes it does not see.
     *
     * <p>The reader rings when half of the ring is free, not for the first byte, so that each ring is worth its cost.
     *
     * @return whether to sleep; if not, there is space now, and {@link #write} takes some
     * @throws CorruptRingException if the peer's position is impossible, or the memory is gone
     */
    public boolean sleepUntilSpace() throws CorruptRingException {
        pair.ensureOpen();
        if (uncommitted() != 0) {
            throw new IllegalStateException(uncommitted() + " bytes are not committed");
        }
        try {
            try {
                spaceWanted.sleep();
                if (freeAtLeast(capacity) < RingPair.enoughSpace(window.size())) {
                    return true;
                }
                spaceWanted.wake();
                return false;
            } finally {
                pair.raiseFault();
            }
        } catch (InternalError e) {
            throw CorruptRingException.inaccessible(e);
        }
    }

    /** Ends the sleep of {@link #sleepUntilSpace}: the reader need not ring. Does nothing when awake. */
    public void wake() throws CorruptRingException {
        pair.ensureOpen();
        try {
            try {
                spaceWanted.wake();
            } finally {
                pair.raiseFault();
            }
        } catch (InternalError e) {
            throw CorruptRingException.inaccessible(e);
        }
    }

    private void ensureWritable() {
        pair.ensureOpen();
        if (ended) {
            throw new IllegalStateException("the stream has ended");
        }
    }

    private int offset() {
        return window.offset(position);
    }

    private void copy(ByteBuf source, int from, int offset, int length) {
        if (dataAddress != 0 && source.hasMemoryAddress()) {
            AddressCopy.copy(source.memoryAddress() + from, dataAddress + offset, length);
        } else {
            source.getBytes(from, gap.limit(offset + length).position(offset));
        }
    }

    /** Returns how many of the wanted bytes there is room for, and memory from now on. */
    private int takeUpTo(int wanted) throws CorruptRingException {
        int length = Math.min(wanted, freeAtLeast(wanted));
        prepare(length);
        return length;
    }

    private void prepare(int length) throws CorruptRingException {
        if (position + length > prepared.end()) {
            prepared.extend(position + length);
        }
    }

    /**
     * Returns the free bytes; looks at the peer's head, which costs a cache miss, only if fewer than wanted are known
     * of.
     */
    private int freeAtLeast(int wanted) throws CorruptRingException {
        if (limit - position < wanted) {
            // The reader can't have read bytes that are not committed.
            limit = window.limit(head.look(committedPosition()));
        }
        return (int) (limit - position);
    }

    /** Whether the ring can grow. */
    private boolean mayGrow() {
        if (window.isWhole()) {
            return false;
        }
        growthTaken = growthTaken || growth.take(window.growth());
        return growthTaken;
    }

    /** Makes room in a ring that is full, if it can grow. */
    private boolean grow() {
        if (!mayGrow()) {
            return false;
        }
        SharedLongs.setRelease(memory, RingLayout.GROWN_AT, position + 1);
        window.grow(position);
        windowChanged();
        return true;
    }

    private void windowChanged() {
        limit = window.limit(head.seen());
        prepared.windowChanged();
    }
}
