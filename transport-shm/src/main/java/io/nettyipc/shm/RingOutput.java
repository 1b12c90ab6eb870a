/* Copyright 2026 The Netty IPC Authors. Licensed under the Apache License, Version 2.0; see LICENSE. */
package io.nettyipc.shm;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelOutboundBuffer;
import io.netty.channel.ChannelPromise;
import io.netty.channel.socket.ChannelOutputShutdownException;
import io.nettyipc.shm.control.ShmConnection;
import io.nettyipc.shm.ring.CorruptRingException;
import io.nettyipc.shm.ring.RingWriter;
import java.io.IOException;
import java.nio.channels.ClosedChannelException;

/**
 * A channel's output: stages small messages in the ring, writes the others to it from the outbound buffer, and waits
 * for space when the ring is full. It owns that wait. For the channel's event loop.
 */
final class RingOutput {

    private final ShmChannel channel;
    private final RingWatch watch;
    private final ChannelEvents events;
    private final ChannelCounts counts;
    private final ShmConnection connection;
    private final RingWriter writer;
    private final StagedMessages staged;
    private final FlushedMessages flushed;
    private boolean spaceAwaited;
    /** Whether it waits because the ring is full, and not for its next turn. */
    private boolean full;

    private long fullSince;

    RingOutput(
            ShmChannel channel,
            RingWatch watch,
            ChannelEvents events,
            ChannelCounts counts,
            PendingBytesPipeline pipeline,
            ShmConnection connection) {
        this.channel = channel;
        this.watch = watch;
        this.events = events;
        this.counts = counts;
        this.connection = connection;
        writer = connection.writer();
        staged = new StagedMessages(channel.config(), pipeline, connection, counts);
        flushed = new FlushedMessages(channel.config(), pipeline, connection, counts);
    }

    /** Whether what is flushed waits for the peer to make room. */
    boolean isSpaceAwaited() {
        return spaceAwaited;
    }

    /**
     * Returns how many bytes nearer to the high water mark the channel is than its outbound buffer says. By any thread.
     */
    int pendingBytes() {
        return staged.pendingBytes();
    }

    /**
     * Stages a message that is written, if it may be.
     *
     * @param waiting null if the channel is closed, or its output is shut down
     * @return whether it is staged; if not it belongs into the outbound buffer
     */
    boolean stage(Object msg, ChannelPromise promise, ChannelOutboundBuffer waiting) {
        if (waiting != null && msg instanceof ByteBuf message && !connection.isPeerGone()) {
            try {
                if (staged.stage(message, promise, waiting)) {
                    return true;
                }
            } catch (CorruptRingException e) {
                // Found again when the message is flushed, if it is.
                connection.distrust();
            }
        }
        staged.count();
        return false;
    }

    /** Flushes what was staged, and marks what waits in the outbound buffer as flushed. */
    void flush(ChannelOutboundBuffer waiting) {
        if (staged.isEmpty()) {
            waiting.addFlush();
            return;
        }
        boolean lost;
        try {
            staged.commit();
            // A peer that has read all may close before this side looks whether it waits.
            lost = (connection.isPeerGone() || writer.wasReaderClosed()) && !writer.isAllRead();
        } catch (CorruptRingException e) {
            channel.corrupt(e);
            return;
        }
        // Before a listener writes what is not to be flushed.
        waiting.addFlush();
        if (lost) {
            staged.fail(peerGoneException());
            if (channel.isActive() && !channel.config().isAutoClose()) {
                // As when doWrite fails.
                channel.failOutput();
            }
        } else {
            staged.succeed();
        }
        watch.expectAnswer();
    }

    /** Writes what is flushed in the outbound buffer, as far as there is room. */
    void write(ChannelOutboundBuffer in) throws Exception {
        try {
            if (connection.isPeerGone() || writer.isReaderClosed()) {
                failWrites(in);
                return;
            }
            spaceAwaited = !flushed.write(in) && channel.isActive() && !channel.isOutputShutdown();
        } catch (CorruptRingException e) {
            failFlushed(in, e);
            channel.corrupt(e);
            return;
        }
        if (spaceAwaited) {
            if (flushed.isRingFull()) {
                full = true;
                fullSince = System.nanoTime();
                counts.ringFull();
                events.ringFull();
            }
            watch.wake();
        } else {
            watch.expectAnswer();
        }
    }

    /**
     * What the peer sent before it went can still be read, and the channel closes after that; closing now would lose
     * it.
     */
    private void failWrites(ChannelOutboundBuffer in) throws IOException {
        IOException cause = peerGoneException();
        if (!channel.config().isAutoClose()) {
            // Netty shuts the output down when doWrite throws.
            throw cause;
        }
        failFlushed(in, cause);
    }

    /** Fails only what is flushed now: listeners may write and flush again, for ever. */
    private static void failFlushed(ChannelOutboundBuffer in, Throwable cause) {
        for (int flushed = in.size(); flushed > 0; flushed--) {
            in.remove(cause);
        }
    }

    private IOException peerGoneException() {
        return new IOException(channel.remoteAddress() + ": the peer is gone");
    }

    /** Goes on writing, if the peer has made enough room; returns whether it has. */
    boolean poll() throws CorruptRingException {
        if (!spaceAwaited || !writer.hasEnoughSpace()) {
            return false;
        }
        writer.wake();
        resume();
        return true;
    }

    private void resume() {
        waitEnded();
        channel.flushNow();
    }

    private void waitEnded() {
        spaceAwaited = false;
        if (full) {
            full = false;
            counts.ringFullEnded(System.nanoTime() - fullSince);
            events.ringFullEnded(writer.capacity());
        }
    }

    /** The peer will make no more room: fails what waits for it. */
    void peerGone() {
        if (spaceAwaited) {
            resume();
        }
    }

    /**
     * Prepares to be woken by the reader.
     *
     * @return whether to sleep
     */
    boolean sleep() throws CorruptRingException {
        return !spaceAwaited || writer.sleepUntilSpace();
    }

    /** The channel is idle. */
    void trim() {
        staged.trim();
    }

    /** Ends the stream behind what was committed. */
    void shutDown() throws CorruptRingException {
        waitEnded();
        staged.discard(() -> new ChannelOutputShutdownException("the output is shut down"));
        if (writer.end()) {
            connection.ring();
        }
    }

    /** The channel closes: fails what was staged and not flushed. */
    void discard() {
        waitEnded();
        staged.discard(ClosedChannelException::new);
    }
}
