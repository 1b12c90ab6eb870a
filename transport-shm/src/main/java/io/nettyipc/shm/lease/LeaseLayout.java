/* Copyright 2026 The Netty IPC Authors. Licensed under the Apache License, Version 2.0; see LICENSE. */
package io.nettyipc.shm.lease;

/**
 * Where things are in the memory that a side makes for leases. As with the rings, only that side can write to it, and
 * the peer maps it for reading:
 *
 * <pre>
 *   +--------------------------------------------------------------+
 *   | returns: for each of the peer's leases, how often it was     |  by the side that receives leases
 *   |          given back                                          |
 *   +--------------------------------------------------------------+
 *   | descriptors: a ring of as many as leases can be out, each    |  by the side that sends leases
 *   |   0 number, plus one    8 position of its mark in the stream |
 *   |  16 lease              20 bytes of the mark                  |
 *   |  24 first byte         28 length                             |
 *   +--------------------------------------------------------------+
 *   | slots: the messages' bytes                                   |  by whoever fills a message
 *   +--------------------------------------------------------------+
 * </pre>
 *
 * <p>Each part begins at a page. A side that doesn't send has neither descriptors nor slots; one that doesn't receive
 * has no returns. All words are in native byte order.
 *
 * <p>A message that is leased has a <b>mark</b> in the stream, some bytes of the ring that mean nothing and are
 * skipped: they give it its place among the messages that are copied, and let waking, back-pressure, and the end of the
 * stream work for it as for those. The descriptor is stored before the tail that shows the mark. The ring of
 * descriptors is never full: a descriptor's place is used again when another lease was given back, and those before it
 * are read by then.
 *
 * @param receiveLeases how many of the peer's leases this side may hold
 * @param sendLeases    how many leases the peer may hold
 * @param slotBytes     of this side's messages
 */
public record LeaseLayout(int receiveLeases, int sendLeases, int slotBytes) {

    /** What slots are made of, in bytes. */
    public static final int PAGE = 4096;

    /** The most leases that may be out each way. */
    public static final int MAX_LEASES = 1 << 16;

    /** The largest memory for slots, in bytes. */
    public static final int MAX_SLOT_BYTES = 1 << 30;

    static final int RETURNS = 0;
    static final int DESCRIPTOR_SIZE = 32;
    static final int NUMBER = 0;
    static final int POSITION = 8;
    static final int LEASE = 16;
    static final int MARK = 20;
    static final int OFFSET = 24;
    static final int LENGTH = 28;

    static int returnOf(int lease) {
        return RETURNS + lease * Long.BYTES;
    }

    int descriptors() {
        return wholePages(receiveLeases * Long.BYTES);
    }

    int slots() {
        return descriptors() + wholePages(sendLeases * DESCRIPTOR_SIZE);
    }

    /** Returns the size of all of it in bytes. */
    public int size() {
        return slots() + slotBytes;
    }

    static int wholePages(int bytes) {
        return (bytes + PAGE - 1) & -PAGE;
    }
}
