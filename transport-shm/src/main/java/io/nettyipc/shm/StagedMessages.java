/* Copyright 2026 The Netty IPC Authors. Licensed under the Apache License, Version 2.0; see LICENSE. */
package io.nettyipc.shm;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelOutboundBuffer;
import io.netty.channel.ChannelProgressivePromise;
import io.netty.channel.ChannelPromise;
import io.netty.channel.DefaultChannelPromise;
import io.netty.channel.DefaultMessageSizeEstimator;
import io.netty.util.ReferenceCountUtil;
import io.netty.util.internal.SystemPropertyUtil;
import io.nettyipc.shm.control.ShmConnection;
import io.nettyipc.shm.lease.LeaseSender;
import io.nettyipc.shm.ring.CorruptRingException;
import io.nettyipc.shm.ring.RingWriter;
import java.util.function.Supplier;

/**
 * Small messages that were written and not flushed, and whose bytes are in the ring already. That spares them the
 * channel's {@link ChannelOutboundBuffer}, which takes several times as long as the copy. They behave as if they were
 * in it:
 *
 * <ul>
 *   <li>The peer sees nothing of a staged message before it is flushed, and its promise succeeds after that.
 *   <li>A message is staged only if nothing waits in the outbound buffer, so that messages keep their order.
 *   <li>A message that would reach beyond the high water mark is not staged. It goes to the outbound buffer, where the
 *       staged ones are counted from then on, and makes the channel unwritable.
 *   <li>A message that is cancelled before its flush is not sent.
 *   <li>When the channel closes, or its output, staged messages fail and are not sent. That goes for void promises as
 *       well; messages in a row that have one are reported once.
 *   <li>A staged message is released when the next is staged, or flushed, or discarded, whichever is first.
 * </ul>
 *
 * <p>A message whose promise asks for progress, and every message of a channel with a size estimator of its own, go to
 * the outbound buffer.
 *
 * <p>The uncommitted bytes of the ring are those of the staged messages whenever a listener or handler runs. For the
 * channel's event loop; allocates only to grow.
 */
final class StagedMessages {

    /** From here on it is better to let the reader begin before all is copied. */
    private static final int MAX_LENGTH = 8 << 10;

    /** The outbound buffer counts this many bytes for each message besides its size. */
    private static final int ENTRY_OVERHEAD =
            SystemPropertyUtil.getInt("io.netty.transport.outboundBufferEntrySizeOverhead", 96);

    private static final int INITIAL_SLOTS = 16;
    private static final int MAX_IDLE_SLOTS = 1024;

    private final ShmChannelConfig config;
    private final PendingBytesPipeline pipeline;
    private final ShmConnection connection;
    private final RingWriter writer;
    private final ChannelCounts counts;
    /** {@link #MAX_LENGTH}, or less: what can be leased is not copied. */
    private final int maxLength;

    /** A ring of entries: a promise, and how many bytes it is for. */
    private ChannelPromise[] promises = new ChannelPromise[INITIAL_SLOTS];

    private int[] lengths = new int[INITIAL_SLOTS];
    private int head;
    private int size;
    /** The void promise of the newest entry, if the peer doesn't see its bytes yet: the next message may join it. */
    private ChannelPromise openVoid;

    private int openVoidSlot;
    /** Of the entries the oldest, which the peer sees, and whose promises are not told. */
    private int sent;
    /** How many were staged and not sent: those that have the same void promise are one entry. */
    private int messages;
    /** Why those fail after all, or null. */
    private Throwable sentFailure;

    /** A type of promise that doesn't ask for progress, besides the usual one. */
    private Class<?> lastPlainPromise;

    /** Releasing takes as long as the copy, and the peer waits for the flush. */
    private ByteBuf lastStaged;

    /**
     * What the outbound buffer would count for the staged messages, and does not. Other threads read it too, and may
     * see an old value.
     */
    private int pendingBytes;
    /** What it does count for staged messages. */
    private long countedBytes;
    /** What it counts for those that are sent. */
    private long sentBytes;

    StagedMessages(
            ShmChannelConfig config, PendingBytesPipeline pipeline, ShmConnection connection, ChannelCounts counts) {
        this.config = config;
        this.pipeline = pipeline;
        this.connection = connection;
        this.counts = counts;
        writer = connection.writer();
        LeaseSender leases =
                connection.leases() == null ? null : connection.leases().sender();
        maxLength = leases == null ? MAX_LENGTH : Math.min(MAX_LENGTH, leases.threshold() - 1);
    }

    /**
     * Stages a message, if it may be and there is room for all of it.
     *
     * @return whether it is staged, and will be released; if not it belongs into the outbound buffer, after
     *     {@link #count()}
     * @throws CorruptRingException if the peer's position is impossible; nothing was staged
     */
    boolean stage(ByteBuf message, ChannelPromise promise, ChannelOutboundBuffer waiting) throws CorruptRingException {
        int length = message.readableBytes();
        int pending = length + ENTRY_OVERHEAD;
        if (length == 0
                || length > maxLength
                || pending > config.getWriteBufferHighWaterMark() - pendingBytes
                || waiting.totalPendingWriteBytes() != 0
                || ENTRY_OVERHEAD <= 0 // Something could be waiting that counts for nothing.
                || config.getMessageSizeEstimator() != DefaultMessageSizeEstimator.DEFAULT
                || (promise != openVoid && wantsProgress(promise))
                || writer.wasReaderClosed()
                || !writer.writeAll(message)) {
            return false;
        }
        pendingBytes += pending;
        messages++;
        if (promise == openVoid) {
            lengths[openVoidSlot] += length;
        } else {
            add(promise, length);
        }
        releaseLast();
        lastStaged = message;
        return true;
    }

    private boolean wantsProgress(ChannelPromise promise) {
        Class<?> type = promise.getClass();
        if (type == DefaultChannelPromise.class || type == lastPlainPromise) {
            return false;
        }
        // A type that doesn't have an interface costs a search through all that it has, for a void promise some 20 ns.
        if (promise instanceof ChannelProgressivePromise) {
            return true;
        }
        lastPlainPromise = type;
        return false;
    }

    private void add(ChannelPromise promise, int length) {
        if (size == promises.length) {
            resize(2 * size);
        }
        int slot = slot(size++);
        promises[slot] = promise;
        lengths[slot] = length;
        openVoid = promise.isVoid() ? promise : null;
        openVoidSlot = slot;
    }

    private void resize(int slots) {
        ChannelPromise[] newPromises = new ChannelPromise[slots];
        int[] newLengths = new int[slots];
        for (int i = 0; i < size; i++) {
            newPromises[i] = promises[slot(i)];
            newLengths[i] = lengths[slot(i)];
        }
        promises = newPromises;
        lengths = newLengths;
        head = 0;
    }

    private int slot(int number) {
        return (head + number) & (promises.length - 1);
    }

    private void releaseLast() {
        ByteBuf message = lastStaged;
        if (message != null) {
            lastStaged = null;
            ReferenceCountUtil.safeRelease(message);
        }
    }

    /** Whether there is anything to be flushed. */
    boolean isEmpty() {
        return size == 0;
    }

    /** Returns how many bytes nearer to the high water mark the channel is than its outbound buffer says. */
    int pendingBytes() {
        return pendingBytes;
    }

    /** Has the outbound buffer count the staged messages, since another follows them there. */
    void count() {
        int bytes = pendingBytes;
        if (bytes != 0) {
            pendingBytes = 0;
            countedBytes += bytes;
            pipeline.addPending(bytes);
        }
    }

    /**
     * Shows the peer all that is staged, except for what was cancelled. Tells nobody; {@link #succeed} or {@link #fail}
     * does.
     *
     * @throws CorruptRingException if the peer's epoch is impossible; the bytes may be committed
     */
    void commit() throws CorruptRingException {
        openVoid = null;
        takeBackCancelled();
        counts.bytesWritten(writer.uncommitted());
        counts.messagesWritten(messages);
        messages = 0;
        if (writer.commit()) {
            connection.ring();
        }
        sent = size;
        sentBytes += countedBytes;
        countedBytes = 0;
        pendingBytes = 0;
        releaseLast();
    }

    private void takeBackCancelled() {
        long from = writer.position() - writer.uncommitted();
        long to = from;
        int kept = sent;
        for (int i = sent; i < size; i++) {
            int slot = slot(i);
            ChannelPromise promise = promises[slot];
            int length = lengths[slot];
            if (promise.setUncancellable()) {
                if (to != from) {
                    writer.move(from, to, length);
                    promises[slot(kept)] = promise;
                    lengths[slot(kept)] = length;
                }
                to += length;
                kept++;
            } else {
                messages--;
            }
            from += length;
        }
        if (to != from) {
            writer.takeBack(to);
            while (size > kept) {
                promises[slot(--size)] = null;
            }
        }
    }

    /** Fulfils the promises of what was committed. A listener may write, flush and close. */
    void succeed() {
        tell();
    }

    /** Fails the promises of what was committed. A listener may write, flush and close. */
    void fail(Throwable cause) {
        sentFailure = cause;
        tell();
    }

    private void tell() {
        long bytes = sentBytes;
        sentBytes = 0;
        while (sent > 0) {
            sent--;
            ChannelPromise promise = removeOldest();
            if (sentFailure == null) {
                promise.trySuccess();
            } else {
                promise.tryFailure(sentFailure);
            }
        }
        sentFailure = null;
        if (bytes != 0) {
            pipeline.subtractPending(bytes);
        }
    }

    private ChannelPromise removeOldest() {
        ChannelPromise promise = promises[head];
        promises[head] = null;
        head = slot(1);
        size--;
        return promise;
    }

    /**
     * Takes back all that is not flushed, and fails it. Nothing can be staged any more.
     *
     * @param cause asked only if there is anything: an exception's stack trace is the dearest part of a close
     */
    void discard(Supplier<? extends Throwable> cause) {
        openVoid = null;
        releaseLast();
        writer.takeBack(writer.position() - writer.uncommitted());
        pendingBytes = 0;
        countedBytes = 0;
        messages = 0;
        // A listener of one whose promise was told before can have led to this, also of one that failed.
        tell();
        if (size != 0) {
            sent = size;
            fail(cause.get());
        }
    }

    /** An idle channel keeps little memory. */
    void trim() {
        if (size == 0 && promises.length > MAX_IDLE_SLOTS) {
            resize(INITIAL_SLOTS);
        }
    }
}
