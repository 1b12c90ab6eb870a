/* Copyright 2026 The Netty IPC Authors. Licensed under the Apache License, Version 2.0; see LICENSE. */
package io.nettyipc.shm.lease;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.nettyipc.shm.ring.CorruptRingException;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;

/**
 * This side's slots, and the leases of them that the peer holds. Everything but the bytes, the descriptors and the
 * peer's returns is in this process's own memory, so that a peer can spoil nothing.
 *
 * <p>The peer tells nobody when it gives a lease back: it stores a word. Whoever allocates looks at the words of some
 * leases that are out, and at all of them before there is too little memory.
 *
 * <p>For any thread, but for {@link #canPass}, {@link #pass} and {@link #close}, which are for the channel's event
 * loop.
 */
public final class LeaseSender {

    /**
     * Buffers that are allocated between two looks. Memory that the receiver has read a moment ago is in its caches,
     * and has to be got back from there line by line: buffers that took turns in two slots were filled at half the rate
     * of those that take turns in five.
     */
    private static final int LOOK_EVERY = 4;
    /** Leases looked at then: more than buffers were allocated, so that they never pile up. */
    private static final int LOOK_AT = 2 * LOOK_EVERY;
    /** Messages, if they are large ones. */
    private static final int MAX_UNDER_WAY = 8;
    /** Objects that are kept to be used again. */
    private static final int MAX_IDLE = 256;

    private final LeaseMemory memory;
    private final LeaseListener listener;
    private final LeaseAllocator allocator;
    private final int threshold;
    private final int leases;
    private final int descriptors;
    private final int slots;
    private final int slotBytes;
    /** Of the event loop. */
    private long sequence;

    // Guarded by this.
    private final PageRuns pages;
    private final ArrayDeque<SlotBuf> idle = new ArrayDeque<>();
    /** How often each lease was out. */
    private final long[] generations;

    private final SlotBuf[] slotsOfLeases;
    private final int[] freeLeases;
    private int free;
    private final int[] leasesOut;
    private int out;
    private int nextLook;
    private int allocatedSinceLook;
    private boolean memoryTold;
    private boolean leasesTold;
    private CorruptRingException corrupt;
    private boolean closed;

    LeaseSender(
            LeaseMemory memory, LeaseLayout layout, int threshold, ByteBufAllocator fallback, LeaseListener listener) {
        this.memory = memory;
        this.listener = listener;
        this.threshold = threshold;
        leases = layout.sendLeases();
        descriptors = layout.descriptors();
        slots = layout.slots();
        slotBytes = layout.slotBytes();
        allocator = new LeaseAllocator(this, threshold, fallback);
        pages = new PageRuns(slotBytes / LeaseLayout.PAGE);
        generations = new long[leases];
        slotsOfLeases = new SlotBuf[leases];
        leasesOut = new int[leases];
        freeLeases = new int[leases];
        free = leases;
        for (int i = 0; i < leases; i++) {
            freeLeases[i] = leases - 1 - i;
        }
    }

    /** Allocates direct buffers of some size in the slots. For any thread, also after the end of the connection. */
    public ByteBufAllocator allocator() {
        return allocator;
    }

    /** Returns the bytes from which on a message is leased. */
    public int threshold() {
        return threshold;
    }

    /** Returns the bytes of all slots. */
    public int slotBytes() {
        return slotBytes;
    }

    /** Returns how many leases the peer holds. */
    public synchronized int leasesOut() {
        lookAtAll();
        return out;
    }

    /** Returns how many bytes of the slots are in use. */
    public synchronized int bytesInUse() {
        lookAtAll();
        return slotBytes - pages.free() * LeaseLayout.PAGE;
    }

    /** Returns a buffer, or null if there is no room. */
    SlotBuf allocate(int capacity, int maxCapacity) {
        SlotBuf buffer;
        boolean tell = false;
        synchronized (this) {
            int count = pagesOf(capacity);
            int first = take(count);
            if (first >= 0) {
                buffer = idle.pollLast();
                if (buffer == null) {
                    buffer = new SlotBuf(this, allocator);
                }
                buffer.holders = 1;
                memory.retain();
                place(buffer, first, count, capacity);
            } else {
                buffer = null;
                tell = !closed && !memoryTold;
                memoryTold |= tell;
            }
        }
        if (buffer != null) {
            buffer.begin(maxCapacity);
        } else if (tell) {
            listener.exhausted(LeaseListener.Limit.MEMORY);
        }
        return buffer;
    }

    private void place(SlotBuf buffer, int first, int count, int capacity) {
        buffer.setPages(first, count);
        buffer.place(memory.own(), memory.ownAddress(), slots + first * LeaseLayout.PAGE, capacity);
    }

    private static int pagesOf(int capacity) {
        return (int) (((long) capacity + LeaseLayout.PAGE - 1) / LeaseLayout.PAGE);
    }

    private int take(int count) {
        if (closed || corrupt != null) {
            return -1;
        }
        if (++allocatedSinceLook == LOOK_EVERY) {
            allocatedSinceLook = 0;
            look(LOOK_AT);
        }
        int first = pages.take(count);
        if (first < 0 && out > 0) {
            look(out);
            first = pages.take(count);
        }
        return first;
    }

    /** Gives a buffer more room, elsewhere. */
    void move(SlotBuf buffer, int capacity) {
        ByteBuffer before = buffer.nioBuffer(0, buffer.capacity());
        synchronized (this) {
            int count = pagesOf(capacity);
            int first = buffer.isIn(this) ? take(count) : -1;
            if (first >= 0) {
                int firstBefore = buffer.firstPage();
                int countBefore = buffer.pages();
                place(buffer, first, count, capacity);
                buffer.setBytes(0, before);
                giveBack(firstBefore, countBefore);
                return;
            }
        }
        ByteBuf elsewhere = allocator.fallback().directBuffer(capacity, capacity);
        elsewhere.setBytes(0, before);
        synchronized (this) {
            if (buffer.isIn(this)) {
                giveBack(buffer.firstPage(), buffer.pages());
            }
        }
        buffer.moveTo(elsewhere, capacity);
    }

    /** A buffer has no references left. */
    void released(SlotBuf buffer) {
        synchronized (this) {
            drop(buffer);
        }
        memory.release();
    }

    private void drop(SlotBuf buffer) {
        if (--buffer.holders == 0) {
            if (buffer.pages() > 0) {
                giveBack(buffer.firstPage(), buffer.pages());
            }
            if (idle.size() < MAX_IDLE) {
                idle.addLast(buffer);
            }
        }
    }

    private void giveBack(int first, int count) {
        pages.giveBack(first, count);
        if (memoryTold && pages.free() > slotBytes / LeaseLayout.PAGE / 2) {
            memoryTold = false;
        }
    }

    // ---- leases

    private void lookAtAll() {
        if (!closed && corrupt == null) {
            look(out);
        }
    }

    /** Looks whether the next few leases were given back. */
    private void look(int count) {
        try {
            for (int i = Math.min(count, out); i > 0 && corrupt == null; i--) {
                look();
            }
            memory.raiseFault();
        } catch (InternalError e) {
            fail(CorruptRingException.inaccessible(e));
        }
    }

    private void look() {
        if (nextLook >= out) {
            nextLook = 0;
        }
        int lease = leasesOut[nextLook];
        long generation = generations[lease];
        long returned = returned(lease);
        if (returned == generation) {
            leasesOut[nextLook] = leasesOut[--out];
            SlotBuf slot = slotsOfLeases[lease];
            slotsOfLeases[lease] = null;
            freeLeases[free++] = lease;
            if (leasesTold && free > leases / 2) {
                leasesTold = false;
            }
            drop(slot);
        } else if (returned == generation - 1) {
            nextLook++;
        } else {
            fail(new CorruptRingException("the peer has given lease " + lease + " back " + returned
                    + " times; it had it " + generation + " times"));
        }
    }

    private long returned(int lease) {
        return LeaseWords.getAcquire(memory.peer(), LeaseLayout.returnOf(lease));
    }

    private void fail(CorruptRingException e) {
        corrupt = e;
        listener.corrupt(e);
    }

    /**
     * Returns how many bytes of the ring a message takes, though they stay empty. They keep a sender that is faster
     * than the receiver from filling all slots, and the processors' caches: it waits for space in the ring as if the
     * messages were copied. So eight large ones may be under way, and at most half of the slots.
     *
     * @param length   of the message
     * @param capacity of the ring
     */
    public int mark(int length, int capacity) {
        long partOfSlots = 2L * length * capacity / slotBytes;
        return (int) Math.min(capacity / 2, Math.max(partOfSlots, Math.min(length, capacity / MAX_UNDER_WAY)));
    }

    /**
     * Whether a message can be leased to the peer: it is all or a part of a buffer in the slots that nobody else has a
     * reference to, it is large enough, and the peer doesn't hold as many leases as it may.
     */
    public boolean canPass(ByteBuf message) {
        if (message.readableBytes() < threshold || offsetOf(message) < 0) {
            return false;
        }
        boolean tell;
        synchronized (this) {
            if (closed || corrupt != null) {
                return false;
            }
            if (free == 0) {
                look(out);
            }
            if (free > 0) {
                return true;
            }
            tell = !leasesTold && corrupt == null;
            leasesTold = true;
        }
        if (tell) {
            listener.exhausted(LeaseListener.Limit.LEASES_OUT);
        }
        return false;
    }

    /** Returns where the message's readable bytes begin in this side's memory, or -1 if it can't be passed. */
    private int offsetOf(ByteBuf message) {
        SlotBuf slot = slotOf(message);
        if (slot == null || !slot.isIn(this) || slot.refCnt() != 1) {
            return -1;
        }
        if (message.hasMemoryAddress()) {
            return slot.base() + (int) (message.memoryAddress() - slot.memoryAddress()) + message.readerIndex();
        }
        // Without Unsafe there are no addresses. But a slice asks what it is of.
        message.nioBuffer(message.readerIndex(), message.readableBytes());
        return slot.base() + slot.viewed();
    }

    private static SlotBuf slotOf(ByteBuf message) {
        ByteBuf buffer = message;
        while (buffer != null && !(buffer instanceof SlotBuf)) {
            buffer = buffer.unwrap();
        }
        return (SlotBuf) buffer;
    }

    /**
     * Leases a message to the peer, if {@link #canPass} has just said that it can be. The caller releases it, and then
     * shows the peer the mark.
     *
     * @param position of its mark in the stream
     * @param mark     how many bytes that has
     * @throws CorruptRingException if the memory is gone, or the peer has returned a lease that it does not hold
     */
    public void pass(ByteBuf message, long position, int mark) throws CorruptRingException {
        int offset = offsetOf(message) - slots;
        SlotBuf slot = slotOf(message);
        int lease;
        synchronized (this) {
            lease = freeLeases[--free];
            long returned = returned(lease);
            if (returned != generations[lease]) {
                fail(new CorruptRingException("the peer has given lease " + lease + " back " + returned
                        + " times; it had it " + generations[lease] + " times"));
            }
            if (corrupt != null) {
                free++;
                throw corrupt;
            }
            generations[lease]++;
            slot.holders++;
            slotsOfLeases[lease] = slot;
            leasesOut[out++] = lease;
        }
        try {
            ByteBuffer own = memory.own();
            int descriptor = descriptors + (int) (sequence % leases) * LeaseLayout.DESCRIPTOR_SIZE;
            LeaseWords.setLong(own, descriptor + LeaseLayout.POSITION, position);
            LeaseWords.setInt(own, descriptor + LeaseLayout.LEASE, lease);
            LeaseWords.setInt(own, descriptor + LeaseLayout.MARK, mark);
            LeaseWords.setInt(own, descriptor + LeaseLayout.OFFSET, offset);
            LeaseWords.setInt(own, descriptor + LeaseLayout.LENGTH, message.readableBytes());
            LeaseWords.setRelease(own, descriptor + LeaseLayout.NUMBER, ++sequence);
            memory.raiseFault();
        } catch (InternalError e) {
            throw CorruptRingException.inaccessible(e);
        }
    }

    /**
     * The connection has ended: nothing is leased any more, and what was is no longer the peer's as far as this side's
     * memory is concerned. Buffers that have references stay as they are.
     */
    void close() {
        synchronized (this) {
            closed = true;
            for (int i = 0; i < out; i++) {
                SlotBuf slot = slotsOfLeases[leasesOut[i]];
                slotsOfLeases[leasesOut[i]] = null;
                drop(slot);
            }
            out = 0;
            idle.clear();
        }
    }
}
