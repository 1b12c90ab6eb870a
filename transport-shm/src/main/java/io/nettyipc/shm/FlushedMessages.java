/* Copyright 2026 The Netty IPC Authors. Licensed under the Apache License, Version 2.0; see LICENSE. */
package io.nettyipc.shm;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelOutboundBuffer;
import io.netty.channel.DefaultFileRegion;
import io.netty.channel.FileRegion;
import io.nettyipc.base.channel.RegionFile;
import io.nettyipc.shm.control.ShmConnection;
import io.nettyipc.shm.lease.LeaseSender;
import io.nettyipc.shm.ring.CorruptRingException;
import io.nettyipc.shm.ring.RingWriter;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ReadableByteChannel;
import java.nio.channels.WritableByteChannel;

/**
 * Moves a channel's flushed messages from its outbound buffer to its ring. Messages that are in the ring before their
 * flush are {@link StagedMessages}; none is staged while another waits here. For the channel's event loop.
 */
final class FlushedMessages implements WritableByteChannel, ChannelOutboundBuffer.MessageProcessor {

    /** The writer commits after this many bytes, for the reader to begin while the rest is being copied. */
    private static final int COMMIT_BYTES = 32 << 10;
    /**
     * The same for files: half of a ring as it is by default. Files come slower than their reader takes them, so that
     * it may have to be woken for each piece.
     */
    private static final int FILE_COMMIT_BYTES = 128 << 10;
    /** A reader that keeps pace must not hold the event loop in here for as long as there is something to write. */
    private static final int BYTES_PER_TURN = 1 << 20;
    /** What a message counts for that isn't copied: so many are a turn. */
    private static final int BYTES_PER_LEASE = BYTES_PER_TURN / 64;

    private final ShmChannelConfig config;
    private final PendingBytesPipeline pipeline;
    private final ShmConnection connection;
    private final RingWriter writer;
    private final ChannelCounts counts;
    /** Null if all messages are copied. */
    private final LeaseSender leases;

    /** How many bytes this turn may still write; negative if a file's last piece was longer. */
    private int budget;
    /** Bytes of the outbound buffer that the next commit shows to the reader. */
    private int copiedBytes;
    /** Whether the ring or the budget has cut the last copy short. */
    private boolean cutShort;
    /** Whether the next copy is the first before a commit. */
    private boolean first;

    FlushedMessages(
            ShmChannelConfig config, PendingBytesPipeline pipeline, ShmConnection connection, ChannelCounts counts) {
        this.config = config;
        this.pipeline = pipeline;
        this.connection = connection;
        this.counts = counts;
        writer = connection.writer();
        leases = connection.leases() == null ? null : connection.leases().sender();
    }

    /**
     * Writes what is flushed, as far as there is room. The peer sees a message's last byte before its promise succeeds,
     * so that a listener may close the channel and the message still arrives.
     *
     * @return whether all of it was written
     */
    boolean write(ChannelOutboundBuffer in) throws Exception {
        budget = BYTES_PER_TURN;
        // A handler that goes on as soon as the channel is writable would refill the buffer as fast as it is emptied
        // here, and every message would go this long way. So an unwritable channel stays so until the end.
        int held = in.isWritable() ? 0 : config.getWriteBufferLowWaterMark();
        if (held != 0) {
            pipeline.addPending(held);
        }
        try {
            Object msg;
            while ((msg = in.current()) != null) {
                boolean moved = msg instanceof FileRegion region
                        ? write(in, region)
                        : canPass(msg) ? pass(in, (ByteBuf) msg) : writeBuffers(in);
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

    /** Whether the ring has cut the last {@link #write} short, and not what one turn may write. */
    boolean isRingFull() {
        return budget > 0;
    }

    private boolean canPass(Object msg) {
        return leases != null && msg instanceof ByteBuf bytes && leases.canPass(bytes);
    }

    /** Leases a buffer to the peer, if the ring has room for its place among the messages. */
    private boolean pass(ChannelOutboundBuffer in, ByteBuf message) throws CorruptRingException {
        int length = message.readableBytes();
        int mark = leases.mark(length, writer.capacity());
        if (budget <= 0) {
            return false;
        }
        if (!writer.skip(mark)) {
            // A ring that can't grow may never have that much room, but it has half of what it is.
            mark = Math.min(mark, writer.windowSize() / 2);
            if (!writer.skip(mark)) {
                return false;
            }
        }
        leases.pass(message, writer.position() - mark, mark);
        if (writer.commit()) {
            connection.ring();
        }
        budget -= BYTES_PER_LEASE;
        counts.leased(length);
        in.progress(length);
        in.remove();
        return true;
    }

    /** Copies buffers up to the next commit, commits them, and removes them from the outbound buffer. */
    private boolean writeBuffers(ChannelOutboundBuffer in) throws Exception {
        copiedBytes = 0;
        cutShort = false;
        first = true;
        in.forEachFlushedMessage(this);
        int bytes = copiedBytes;
        if (bytes > 0) {
            budget -= bytes;
            commit();
        }
        removeWritten(in, bytes);
        return !cutShort;
    }

    /** For {@link ChannelOutboundBuffer#forEachFlushedMessage}: copies one buffer, as far as there is room. */
    @Override
    public boolean processMessage(Object msg) throws IOException {
        // The first can't be passed, whatever the peer has given back since.
        if (!(msg instanceof ByteBuf bytes) || (!first && canPass(msg))) {
            return false;
        }
        first = false;
        int length = bytes.readableBytes();
        int wanted = Math.min(length, COMMIT_BYTES - copiedBytes);
        int written = budget > copiedBytes ? writer.write(bytes, bytes.readerIndex(), wanted) : 0;
        copiedBytes += written;
        cutShort = written < wanted;
        return written == length;
    }

    /**
     * Removes the buffers that these bytes are of. If a listener closes the channel, that empties the outbound buffer.
     */
    private void removeWritten(ChannelOutboundBuffer in, int written) {
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
            counts.messagesWritten(1);
            in.remove();
            bytes -= length;
        }
    }

    private boolean write(ChannelOutboundBuffer in, FileRegion region) throws IOException {
        RegionSource source = RegionFile.canRead(region) ? new RegionSource((DefaultFileRegion) region) : null;
        while (region.transferred() < region.count()) {
            cutShort = false;
            long written = source != null ? read(source) : region.transferTo(this, region.transferred());
            commit();
            if (written <= 0) {
                if (!cutShort) {
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
        counts.messagesWritten(1);
        in.remove();
        return true;
    }

    /** Reads a file's next bytes to their place in the ring. */
    private int read(RegionSource source) throws IOException {
        int read = budget > 0 ? writer.write(source, FILE_COMMIT_BYTES) : 0;
        cutShort = read == 0;
        budget -= Math.max(0, read);
        return read;
    }

    /** For {@link FileRegion#transferTo}: takes as much as the ring has room for. */
    @Override
    public int write(ByteBuffer source) throws IOException {
        int written = budget > 0 ? writer.write(source) : 0;
        // Asking the ring later would not do: the reader may have made room by then.
        cutShort = source.hasRemaining();
        budget -= written;
        if (writer.uncommitted() >= COMMIT_BYTES) {
            commit();
        }
        return written;
    }

    private void commit() throws CorruptRingException {
        counts.bytesWritten(writer.uncommitted());
        if (writer.commit()) {
            connection.ring();
        }
    }

    @Override
    public boolean isOpen() {
        return true;
    }

    @Override
    public void close() {
        // The channel closes the connection.
    }

    /** The file of a region, from where it was transferred. */
    private record RegionSource(DefaultFileRegion region) implements ReadableByteChannel {

        @Override
        public int read(ByteBuffer target) throws IOException {
            return RegionFile.read(region, target);
        }

        @Override
        public boolean isOpen() {
            return true;
        }

        @Override
        public void close() {
            // Whoever releases the region closes its file.
        }
    }
}
