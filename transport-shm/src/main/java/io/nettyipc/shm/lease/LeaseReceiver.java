/* Copyright 2026 The Netty IPC Authors. Licensed under the Apache License, Version 2.0; see LICENSE. */
package io.nettyipc.shm.lease;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.nettyipc.shm.ring.CorruptRingException;
import java.nio.ByteBuffer;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLongArray;

/**
 * The leases of the peer's messages. The peer may be hostile: of a descriptor each word is read once, and checked. What
 * is in a message can be changed by the peer at any time, also while it is read.
 *
 * <p>For the channel's event loop; leases are released by any thread, in any order, at any time.
 */
public final class LeaseReceiver {

    private final LeaseMemory memory;
    private final LeaseListener listener;
    private final ByteBufAllocator alloc;
    private final int leases;
    private final int descriptors;
    private final int slots;
    private final int slotBytes;
    private final int ringCapacity;

    private long sequence;
    /** Bytes of the stream that were read. */
    private long position;
    /** Whether the next mark is known, and what is leased with it. */
    private boolean known;

    private long markPosition;
    private int mark;
    private int lease;
    private int offset;
    private int length;

    /** How often each lease was taken. */
    private final long[] taken;
    /** How often each was given back. Stored before the peer is told. */
    private final AtomicLongArray returned;

    /** Of each lease, while it is not out: a buffer that is lost must not be kept from the leak detector. */
    private final LeaseBuf[] buffers;

    private final AtomicInteger held = new AtomicInteger();
    private boolean told;

    /**
     * @param peers        layout of the peer's memory
     * @param ringCapacity of the ring that the peer writes to, in bytes
     */
    LeaseReceiver(
            LeaseMemory memory, LeaseLayout peers, int ringCapacity, ByteBufAllocator alloc, LeaseListener listener) {
        this.memory = memory;
        this.listener = listener;
        this.alloc = alloc;
        this.ringCapacity = ringCapacity;
        leases = peers.sendLeases();
        descriptors = peers.descriptors();
        slots = peers.slots();
        slotBytes = peers.slotBytes();
        taken = new long[leases];
        returned = new AtomicLongArray(leases);
        buffers = new LeaseBuf[leases];
    }

    /** Returns how many leases are not released. By any thread. */
    public int held() {
        return held.get();
    }

    /** Bytes were read from the stream. */
    public void read(int bytes) {
        position += bytes;
    }

    /**
     * Returns how many bytes of the stream can be read before the next mark; 0 if that is next. To be asked after the
     * ring was looked at, and true for no more bytes than were there.
     *
     * @throws CorruptRingException if the peer's descriptor is impossible, or the memory is gone
     */
    public long bytesBeforeMark() throws CorruptRingException {
        if (!known) {
            try {
                look();
                memory.raiseFault();
            } catch (InternalError e) {
                throw CorruptRingException.inaccessible(e);
            }
        }
        return known ? markPosition - position : Long.MAX_VALUE;
    }

    /** Returns how many bytes the next mark has. */
    public int mark() {
        return mark;
    }

    private void look() throws CorruptRingException {
        ByteBuffer peer = memory.peer();
        int descriptor = descriptors + (int) (sequence % leases) * LeaseLayout.DESCRIPTOR_SIZE;
        long number = LeaseWords.getAcquire(peer, descriptor + LeaseLayout.NUMBER);
        if (number == Math.max(0, sequence + 1 - leases)) {
            return;
        }
        if (number != sequence + 1) {
            throw new CorruptRingException(
                    "the peer's message has the number " + number + "; the next is " + (sequence + 1));
        }
        markPosition = LeaseWords.getLong(peer, descriptor + LeaseLayout.POSITION);
        lease = LeaseWords.getInt(peer, descriptor + LeaseLayout.LEASE);
        mark = LeaseWords.getInt(peer, descriptor + LeaseLayout.MARK);
        offset = LeaseWords.getInt(peer, descriptor + LeaseLayout.OFFSET);
        length = LeaseWords.getInt(peer, descriptor + LeaseLayout.LENGTH);
        check();
        sequence++;
        known = true;
    }

    private void check() throws CorruptRingException {
        if (markPosition < position) {
            throw new CorruptRingException("the peer's message has its place at byte " + markPosition
                    + " of the stream, of which " + position + " were read");
        }
        if (mark <= 0 || mark > ringCapacity) {
            throw new CorruptRingException(
                    "the peer's message has a mark of " + mark + " bytes in a ring of " + ringCapacity);
        }
        if (lease < 0 || lease >= leases) {
            throw new CorruptRingException("the peer's message is lease " + lease + " of " + leases);
        }
        if (returned.getAcquire(lease) != taken[lease]) {
            throw new CorruptRingException("the peer's message is lease " + lease + ", which is not given back");
        }
        if (offset < 0 || length <= 0 || length > slotBytes - offset) {
            throw new CorruptRingException(
                    "the peer's message has " + length + " bytes from " + offset + " on, in slots of " + slotBytes);
        }
    }

    /**
     * Takes the message whose mark is next and was skipped.
     *
     * @return read-only, with one reference
     */
    public ByteBuf take() {
        position += mark;
        known = false;
        taken[lease]++;
        LeaseBuf buffer = buffers[lease];
        buffers[lease] = null;
        if (buffer == null) {
            buffer = new LeaseBuf(this, lease, alloc);
        }
        memory.retain();
        buffer.begin(length);
        buffer.place(memory.peer(), memory.peerAddress(), slots + offset, length);
        buffer.setIndex(0, length);
        int now = held.incrementAndGet();
        if (now == leases && !told) {
            told = true;
            listener.exhausted(LeaseListener.Limit.LEASES_HELD);
        } else if (told && now <= leases / 2) {
            told = false;
        }
        return LeaseAllocator.tracked(buffer);
    }

    /** The last reference to a message was released. By any thread. */
    void giveBack(LeaseBuf buffer, int lease) {
        held.decrementAndGet();
        buffers[lease] = buffer;
        long times = returned.get(lease) + 1;
        returned.setRelease(lease, times);
        LeaseWords.setRelease(memory.own(), LeaseLayout.returnOf(lease), times);
        memory.release();
    }
}
