/* Copyright 2026 The Netty IPC Authors. Licensed under the Apache License, Version 2.0; see LICENSE. */
package io.nettyipc.shm;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelOutboundBuffer;
import io.netty.channel.ChannelPromise;
import io.netty.channel.FileRegion;
import io.netty.util.ReferenceCountUtil;
import io.nettyipc.shm.control.Link;
import io.nettyipc.shm.ring.CorruptRingException;
import io.nettyipc.shm.ring.RingWriter;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.WritableByteChannel;

/**
 * Moves a channel's messages to its ring. For the channel's event loop.
 *
 * <p>A small message is copied into the ring when it is written, if nothing waits before it and there is room, and shown
 * to the peer when it is flushed: {@link #offer} and {@link #flush}. That spares it the channel's outbound buffer, which
 * takes several times as long as the copy. Everything else waits in there for {@link #write(ChannelOutboundBuffer)}.
 */
final class RingOutput implements WritableByteChannel, ChannelOutboundBuffer.MessageProcessor {

    /** From here on it is better to let the reader begin before all is copied. */
    private static final int MAX_OFFERED = 8 << 10;
    /** Fewer bytes are not worth looking up the water mark. */
    private static final int MIN_FLUSH_DUE = 2 << 10;
    /** So much at a time is shown to the reader, for it to begin while the rest is being copied. */
    private static final int COMMIT_BYTES = 32 << 10;
    /** A reader that keeps pace must not hold the event loop in here for as long as there is something to write. */
    private static final int BYTES_PER_TURN = 1 << 20;

    /** Of the outbound buffer's user-defined flags the last, which nobody else is likely to use. */
    private static final int WRITABILITY = 31;

    private final ShmChannel channel;
    private final Link link;
    private final RingWriter writer;
    private final UnflushedPromises unflushed = new UnflushedPromises();
    /**
     * The last message that was copied when it was offered. It is released when the peer sees it, or when the next one
     * comes: releasing takes as long as the copy, and the peer waits.
     */
    private ByteBuf lastOffered;
    /** Of the messages that were offered with a void promise, if any is not flushed. */
    private ChannelPromise unflushedVoid;

    private int left;
    /** Bytes of the outbound buffer that the next commit shows. */
    private int copied;
    /** The last copy was cut short, by the ring or by {@link #left}. */
    private boolean full;

    RingOutput(ShmChannel channel, Link link) {
        this.channel = channel;
        this.link = link;
        writer = link.writer();
    }

    // ---- as it is written

    /**
     * Copies a message, if it is small and there is room for all of it.
     *
     * @return whether it was copied, and will be released; if not it belongs into the outbound buffer
     */
    boolean offer(ByteBuf message, ChannelPromise promise) throws CorruptRingException {
        int length = message.readableBytes();
        if (length == 0 || length > MAX_OFFERED || writer.wasReaderClosed() || !writer.writeAll(message)) {
            return false;
        }
        if (promise.isVoid()) {
            unflushedVoid = promise;
        } else {
            unflushed.add(promise, length, writer.position());
        }
        releaseLast();
        lastOffered = message;
        return true;
    }

    private void releaseLast() {
        if (lastOffered != null) {
            ByteBuf message = lastOffered;
            lastOffered = null;
            ReferenceCountUtil.safeRelease(message);
        }
    }

    /** Whether the ring has something that the peer does not see yet. */
    boolean isUnflushed() {
        return writer.uncommitted() != 0;
    }

    /** Whether that is so much that a socket's channel would not be writable until it is flushed. */
    boolean isFlushDue() {
        int bytes = writer.uncommitted();
        return bytes >= MIN_FLUSH_DUE
                && bytes >= Math.min(channel.config().getWriteBufferHighWaterMark(), writer.capacity() / 2);
    }

    /** Shows the peer everything in the ring. */
    void flush() throws CorruptRingException {
        if (unflushed.size() != 0) {
            takeBackCancelled();
        }
        long end = writer.position();
        if (writer.commit()) {
            link.ring();
        }
        releaseLast();
        if (unflushedVoid != null || unflushed.size() != 0) {
            flushed(end, writer.wasReaderClosed() ? channel.peerGoneException() : null);
        }
    }

    private void takeBackCancelled() {
        int gone = 0;
        for (int i = 0; i < unflushed.size(); i++) {
            long end = unflushed.end(i) - gone;
            if (!unflushed.promise(i).setUncancellable()) {
                int length = unflushed.length(i);
                writer.takeBack(end - length, end);
                gone += length;
                end -= length;
            }
            unflushed.setEnd(i, end);
        }
    }

    private void flushed(long end, IOException failure) {
        ChannelPromise voidPromise = unflushedVoid;
        unflushedVoid = null;
        // A listener may write, flush and close.
        while (unflushed.size() != 0 && unflushed.end(0) <= end) {
            ChannelPromise promise = unflushed.removeOldest();
            if (failure == null) {
                promise.trySuccess();
            } else {
                promise.tryFailure(failure);
            }
        }
        if (failure != null && voidPromise != null) {
            voidPromise.tryFailure(failure);
        }
    }

    /** Takes back what the peer does not see yet. */
    void discard(Throwable cause) {
        releaseLast();
        long end = writer.position();
        long sent = end - writer.uncommitted();
        writer.takeBack(sent, end);
        // The promises of what it sees can be here as well, if one of their listeners has led to this.
        flushed(sent, null);
        unflushedVoid = null;
        while (unflushed.size() != 0) {
            unflushed.removeOldest().tryFailure(cause);
        }
    }

    // ---- from the outbound buffer

    /**
     * Writes what is flushed, as far as there is room. The peer sees a message's last byte before its promise succeeds, so
     * that a listener may close the channel and the message still arrives.
     *
     * @return whether all of it was written
     */
    boolean write(ChannelOutboundBuffer in) throws Exception {
        left = BYTES_PER_TURN;
        // A handler that goes on as soon as the channel is writable would refill the buffer as fast as it is emptied
        // here, and everything would go this long way for ever.
        boolean tellLater = !in.isWritable();
        if (tellLater) {
            in.setUserDefinedWritability(WRITABILITY, false);
        }
        try {
            Object msg;
            while ((msg = in.current()) != null) {
                boolean moved = msg instanceof FileRegion region ? write(in, region) : writeBuffers(in);
                if (!moved) {
                    return false;
                }
            }
            return true;
        } finally {
            if (tellLater && channel.isActive()) {
                in.setUserDefinedWritability(WRITABILITY, true);
            }
        }
    }

    /** Copies buffers up to the next commit, commits them, and removes them from the outbound buffer. */
    private boolean writeBuffers(ChannelOutboundBuffer in) throws Exception {
        copied = 0;
        full = false;
        in.forEachFlushedMessage(this);
        int bytes = copied;
        if (bytes > 0) {
            left -= bytes;
            commit();
        }
        removeWritten(in, bytes);
        return !full;
    }

    /** For {@link ChannelOutboundBuffer#forEachFlushedMessage}: copies one buffer, as far as there is room. */
    @Override
    public boolean processMessage(Object msg) throws IOException {
        if (!(msg instanceof ByteBuf bytes)) {
            return false;
        }
        int length = bytes.readableBytes();
        int wanted = Math.min(length, COMMIT_BYTES - copied);
        int written = left > copied ? writer.write(bytes, bytes.readerIndex(), wanted) : 0;
        copied += written;
        full = written < wanted;
        return written == length;
    }

    /** Removes the buffers that these bytes are of. If a listener closes the channel, that empties the outbound buffer. */
    private static void removeWritten(ChannelOutboundBuffer in, int written) {
        int bytes = written;
        while (in.current() instanceof ByteBuf buffer) {
            int length = buffer.readableBytes();
            if (length > bytes) {
                if (bytes > 0) {
                    buffer.skipBytes(bytes);
                    in.progress(bytes);
                }
                return;
            }
            if (length > 0) {
                in.progress(length);
            }
            in.remove();
            bytes -= length;
        }
    }

    private boolean write(ChannelOutboundBuffer in, FileRegion region) throws IOException {
        while (region.transferred() < region.count()) {
            full = false;
            long written = region.transferTo(this, region.transferred());
            commit();
            if (written <= 0) {
                if (!full) {
                    throw new IOException("the file ends " + (region.count() - region.transferred())
                            + " bytes before the end of " + region);
                }
                return false;
            }
            in.progress(written);
            if (in.current() != region) {
                // A listener has closed the channel.
                return true;
            }
        }
        in.remove();
        return true;
    }

    /** For {@link FileRegion#transferTo}: takes as much as the ring has room for. */
    @Override
    public int write(ByteBuffer source) throws IOException {
        int written = left > 0 ? writer.write(source) : 0;
        // Asking the ring later would not do: the reader may have made room by then.
        full = source.hasRemaining();
        left -= written;
        if (writer.uncommitted() >= COMMIT_BYTES) {
            commit();
        }
        return written;
    }

    private void commit() throws CorruptRingException {
        if (writer.commit()) {
            link.ring();
        }
    }

    @Override
    public boolean isOpen() {
        return true;
    }

    @Override
    public void close() {
        // The channel closes the link.
    }
}
