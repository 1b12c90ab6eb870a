/* Copyright 2026 The Netty IPC Authors. Licensed under the Apache License, Version 2.0; see LICENSE. */
package io.nettyipc.shm;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelOutboundBuffer;
import io.netty.channel.FileRegion;
import io.nettyipc.shm.control.Link;
import io.nettyipc.shm.ring.CorruptRingException;
import io.nettyipc.shm.ring.RingWriter;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.WritableByteChannel;

/**
 * Moves a channel's messages from its outbound buffer to its ring. For the channel's event loop. The messages that go there
 * without waiting are {@link StagedMessages}; none is staged while another waits to be written here.
 */
final class RingOutput implements WritableByteChannel, ChannelOutboundBuffer.MessageProcessor {

    /** So much at a time is shown to the reader, for it to begin while the rest is being copied. */
    private static final int COMMIT_BYTES = 32 << 10;
    /** A reader that keeps pace must not hold the event loop in here for as long as there is something to write. */
    private static final int BYTES_PER_TURN = 1 << 20;

    private final ShmChannelConfig config;
    private final PendingBytesPipeline pipeline;
    private final Link link;
    private final RingWriter writer;

    private int left;
    /** Bytes of the outbound buffer that the next commit shows. */
    private int copied;
    /** The last copy was cut short, by the ring or by {@link #left}. */
    private boolean full;

    RingOutput(ShmChannelConfig config, PendingBytesPipeline pipeline, Link link) {
        this.config = config;
        this.pipeline = pipeline;
        this.link = link;
        writer = link.writer();
    }

    /**
     * Writes what is flushed, as far as there is room. The peer sees a message's last byte before its promise succeeds, so
     * that a listener may close the channel and the message still arrives.
     *
     * @return whether all of it was written
     */
    boolean write(ChannelOutboundBuffer in) throws Exception {
        left = BYTES_PER_TURN;
        // A handler that goes on as soon as the channel is writable would refill the buffer as fast as it is emptied
        // here, and everything would go this long way for ever. So an unwritable channel stays so until the end.
        int held = in.isWritable() ? 0 : config.getWriteBufferLowWaterMark();
        if (held != 0) {
            pipeline.addPending(held);
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
            if (held != 0) {
                pipeline.subtractPending(held);
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
