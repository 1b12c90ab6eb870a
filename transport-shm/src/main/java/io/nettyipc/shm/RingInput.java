/* Copyright 2026 The Netty IPC Authors. Licensed under the Apache License, Version 2.0; see LICENSE. */
package io.nettyipc.shm;

import io.netty.buffer.ByteBuf;
import io.netty.channel.RecvByteBufAllocator;
import io.netty.util.UncheckedBooleanSupplier;
import io.nettyipc.shm.control.ShmConnection;
import io.nettyipc.shm.lease.LeasePair;
import io.nettyipc.shm.ring.CorruptRingException;
import io.nettyipc.shm.ring.RingReader;
import java.io.IOException;

/**
 * A channel's input: reads the peer's ring and passes the bytes on. It owns the wish to read, the buffer for the next
 * bytes, and whether the end was reached. For the channel's event loop.
 */
final class RingInput implements UncheckedBooleanSupplier {

    /** Release this many consumed bytes to the writer before passing the buffer on. */
    private static final int RELEASE_BYTES = 32 << 10;

    private final ShmChannel channel;
    private final RingWatch watch;
    private final ChannelCounts counts;
    private final NextBuffer nextBuffer = new NextBuffer();
    private ShmConnection connection;
    private RingReader reader;
    /** Null if all messages are copied. */
    private LeasedInput leased;

    private boolean readPending;
    /** Whether everything that will ever come was read. */
    private boolean ended;

    RingInput(ShmChannel channel, RingWatch watch, ChannelCounts counts) {
        this.channel = channel;
        this.watch = watch;
        this.counts = counts;
    }

    /** The channel is connected. A read may be pending already. */
    void start(ShmConnection connection) {
        this.connection = connection;
        reader = connection.reader();
        LeasePair leases = connection.leases();
        if (leases != null && leases.receiver() != null) {
            leased = new LeasedInput(connection, leases.receiver());
        }
    }

    void beginRead() {
        readPending = true;
    }

    void clearReadPending() {
        readPending = false;
    }

    /** Data is wanted to be passed on, or to be discarded. */
    private boolean wantsData() {
        return !ended && (readPending || channel.isInputShutdown());
    }

    /**
     * The channel learns of the end without having asked for it, once it has read all before; data waits for a read.
     */
    private boolean hasInput() throws CorruptRingException {
        if (ended) {
            return false;
        }
        if (reader.readableBytes() > 0) {
            return wantsData();
        }
        return connection.isPeerGone() || reader.isEnded();
    }

    /**
     * Whether nothing is left for a channel whose peer is gone. With {@code AUTO_READ} off nobody may ever ask for what
     * is there, but nothing is lost if nothing is.
     */
    boolean isExhausted() throws CorruptRingException {
        return ended || (!wantsData() && reader.readableBytes() == 0);
    }

    /** Reads, if there is something to be read now; returns whether there was. */
    boolean poll() throws CorruptRingException {
        if (!hasInput()) {
            return false;
        }
        reader.wake();
        read();
        return true;
    }

    /**
     * Prepares to be woken by the writer.
     *
     * @return whether to sleep; data that nobody wants now is no reason to stay awake
     */
    boolean sleep() throws CorruptRingException {
        return ended || reader.sleepUntilData() || !hasInput();
    }

    private void read() {
        var pipeline = channel.pipeline();
        var config = channel.config();
        var allocHandle = channel.recvBufAllocHandle();
        RingReader reader = this.reader;
        LeasedInput leased = this.leased;
        ByteBuf buffer = nextBuffer.take();
        if (buffer == null) {
            allocHandle.reset(config);
        }
        boolean atEnd = false;
        Throwable failure = null;
        try {
            do {
                ByteBuf message = leased == null ? null : leased.next();
                if (message != null) {
                    // It says nothing about how large the next buffer should be.
                    counts.leaseTaken();
                    allocHandle.attemptedBytesRead(2);
                    allocHandle.lastBytesRead(1);
                } else {
                    if (buffer == null) {
                        buffer = allocHandle.allocate(config.getAllocator());
                    }
                    allocHandle.attemptedBytesRead(buffer.writableBytes());
                    allocHandle.lastBytesRead(leased == null ? reader.read(buffer) : leased.read(buffer));
                    if (allocHandle.lastBytesRead() == 0) {
                        // A buffer without room says nothing about what is left.
                        atEnd = reader.readableBytes() == 0 && (reader.isEnded() || connection.isPeerGone());
                        break;
                    }
                    if (reader.unreleased() >= RELEASE_BYTES || reader.unreleased() >= reader.windowSize() / 2) {
                        releaseSpace();
                    }
                    message = buffer;
                    buffer = null;
                }
                allocHandle.incMessagesRead(1);
                counts.read(message.readableBytes());
                if (channel.isInputShutdown()) {
                    message.release();
                } else {
                    readPending = false;
                    pipeline.fireChannelRead(message);
                }
            } while (channel.isActive() && continueReading(allocHandle));
        } catch (Throwable t) {
            failure = t;
        }
        if (buffer != null) {
            buffer.release();
        }
        if (atEnd) {
            readPending = false;
        }
        allocHandle.readComplete();
        if (!channel.isInputShutdown()) {
            pipeline.fireChannelReadComplete();
        }
        if (channel.isActive()) {
            // After the handlers: the peer waits for an answer rather than for space.
            try {
                releaseSpace();
            } catch (CorruptRingException e) {
                failure = e;
            }
        }
        if (readPending && watch.isWatchedAlone()) {
            try {
                nextBuffer.prepare(allocHandle, config);
            } catch (Throwable t) {
                // Nothing is there to be read now. If it happens again, that read fails.
            }
        }
        if (failure instanceof CorruptRingException corrupt) {
            channel.corrupt(corrupt);
        } else if (failure != null) {
            pipeline.fireExceptionCaught(failure);
            if (failure instanceof IOException || failure instanceof OutOfMemoryError) {
                channel.closeNow();
            }
        } else if (atEnd && channel.isActive()) {
            ended = true;
            channel.inputEnded();
        }
    }

    @SuppressWarnings("deprecation") // It is what recvBufAllocHandle() gives.
    private boolean continueReading(RecvByteBufAllocator.Handle allocHandle) {
        return allocHandle instanceof RecvByteBufAllocator.ExtendedHandle extended
                ? extended.continueReading(this)
                : allocHandle.continueReading();
    }

    /** Whether there is more to read, for an allocator that would judge by how full the last buffer was. */
    @Override
    public boolean get() {
        try {
            return reader.readableBytes() > 0;
        } catch (CorruptRingException e) {
            // The next read says so, too, if there is one.
            connection.distrust();
            return true;
        }
    }

    private void releaseSpace() throws CorruptRingException {
        if (reader.release()) {
            connection.ring();
        }
    }

    /** The channel is idle, leaves its loop, or closes: it keeps no buffer. */
    void releaseBuffer() {
        nextBuffer.release();
    }
}
