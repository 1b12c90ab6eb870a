/* Copyright 2026 The Netty IPC Authors. Licensed under the Apache License, Version 2.0; see LICENSE. */
package io.nettyipc.shm;

import io.netty.buffer.ByteBuf;
import io.nettyipc.shm.control.ShmConnection;
import io.nettyipc.shm.lease.LeaseReceiver;
import io.nettyipc.shm.ring.CorruptRingException;
import io.nettyipc.shm.ring.RingReader;

/** A ring in which some messages have only their places, and lie in the peer's slots. For the channel's event loop. */
final class LeasedInput {

    private final ShmConnection connection;
    private final RingReader reader;
    private final LeaseReceiver leases;
    /** Bytes that may be read now. */
    private int limit;

    LeasedInput(ShmConnection connection, LeaseReceiver leases) {
        this.connection = connection;
        this.leases = leases;
        reader = connection.reader();
    }

    /**
     * Returns the next message if it is a leased one; if it is {@code null}, bytes come next, or nothing.
     *
     * @throws CorruptRingException if the peer's memory can't be what a correct peer would write
     */
    ByteBuf next() throws CorruptRingException {
        // In this order: what is there was written after the descriptors of the messages in it.
        int readable = reader.readableBytes();
        long before = leases.bytesBeforeMark();
        limit = (int) Math.min(readable, before);
        if (readable == 0 || before > 0) {
            return null;
        }
        reader.skip(leases.mark());
        if (reader.release()) {
            connection.ring();
        }
        return leases.take();
    }

    /** Reads the bytes before the next leased message, as far as {@link #next()} has seen them. */
    int read(ByteBuf buffer) throws CorruptRingException {
        int room = buffer.writableBytes();
        int length;
        if (limit == 0) {
            return 0;
        } else if (room <= limit) {
            length = reader.read(buffer);
        } else {
            int to = buffer.writerIndex();
            length = reader.read(buffer.internalNioBuffer(to, limit));
            buffer.writerIndex(to + length);
        }
        leases.read(length);
        return length;
    }
}
