/* Copyright 2026 The Netty IPC Authors. Licensed under the Apache License, Version 2.0; see LICENSE. */
package io.nettyipc.shm.lease;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.PooledByteBufAllocator;
import io.nettyipc.shm.ring.CorruptRingException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/** Both sides of a connection in one process: one sends, the other receives. There is no ring, just places in it. */
final class TestLeases {

    static final int RING = 256 << 10;

    final LeaseLayout senderLayout;
    final LeaseLayout receiverLayout;
    final PlainMemory senders;
    final PlainMemory sendersSeen;
    final PlainMemory receivers;
    final PlainMemory receiversSeen;
    final LeasePair sendingSide;
    final LeasePair receivingSide;
    final LeaseSender sender;
    final LeaseReceiver receiver;
    final List<LeaseListener.Limit> limits = Collections.synchronizedList(new ArrayList<>());
    final List<CorruptRingException> failures = Collections.synchronizedList(new ArrayList<>());
    long position;

    TestLeases(int leases, int slotBytes, int threshold) {
        senderLayout = new LeaseLayout(0, leases, slotBytes);
        receiverLayout = new LeaseLayout(leases, 0, 0);
        senders = new PlainMemory(senderLayout.size());
        sendersSeen = senders.otherView();
        receivers = new PlainMemory(receiverLayout.size());
        receiversSeen = receivers.otherView();
        sendingSide = new LeasePair(senders, senderLayout, receiversSeen, receiverLayout);
        receivingSide = new LeasePair(receivers, receiverLayout, sendersSeen, senderLayout);
        LeaseListener listener = new LeaseListener() {
            @Override
            public void exhausted(Limit limit) {
                limits.add(limit);
            }

            @Override
            public void corrupt(CorruptRingException cause) {
                failures.add(cause);
            }
        };
        sendingSide.start(threshold, RING, PooledByteBufAllocator.DEFAULT, listener);
        receivingSide.start(threshold, RING, PooledByteBufAllocator.DEFAULT, listener);
        sender = sendingSide.sender();
        receiver = receivingSide.receiver();
    }

    ByteBuf allocate(int size) {
        return sender.allocator().directBuffer(size);
    }

    /** As the channel does with a message that it writes. */
    boolean pass(ByteBuf message) throws CorruptRingException {
        if (!sender.canPass(message)) {
            return false;
        }
        int mark = sender.mark(message.readableBytes(), RING);
        sender.pass(message, position, mark);
        position += mark;
        message.release();
        return true;
    }

    /** Bytes are copied between two messages. */
    void copy(int bytes) {
        position += bytes;
    }

    /** As the other side's channel does, which sees everything that was sent. */
    ByteBuf next() throws CorruptRingException {
        long before = receiver.bytesBeforeMark();
        if (before == Long.MAX_VALUE) {
            return null;
        }
        receiver.read((int) before);
        if (receiver.bytesBeforeMark() != 0) {
            throw new AssertionError("not there after " + before + " bytes");
        }
        return receiver.take();
    }

    void assertGuardsUntouched() {
        senders.assertGuardsUntouched();
        receivers.assertGuardsUntouched();
    }
}
