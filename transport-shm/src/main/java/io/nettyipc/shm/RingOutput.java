/* Copyright 2026 The Netty IPC Authors. Licensed under the Apache License, Version 2.0; see LICENSE. */
package io.nettyipc.shm;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelOutboundBuffer;
import io.netty.channel.FileRegion;
import io.nettyipc.shm.control.Link;
import io.nettyipc.shm.ring.RingWriter;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.WritableByteChannel;

/** Moves messages from a channel's outbound buffer to its ring. For the channel's event loop. */
final class RingOutput implements WritableByteChannel {

    /** So much at a time is shown to the reader, for it to begin while the rest is being copied. */
    private static final int COMMIT_BYTES = 32 << 10;
    /** A reader that keeps pace must not hold the event loop in here for as long as there is something to write. */
    private static final int MIN_BYTES_PER_TURN = 1 << 20;

    private final Link link;
    private final RingWriter writer;
    private final int bytesPerTurn;
    private int left;
    private boolean mustRing;
    /** The last write to this as a byte channel was cut short. */
    private boolean full;

    RingOutput(Link link) {
        this.link = link;
        writer = link.writer();
        bytesPerTurn = Math.max(MIN_BYTES_PER_TURN, writer.capacity());
    }

    /**
     * Writes what is flushed, as far as there is room, and shows it to the peer.
     *
     * @return whether all of it was written; {@code false} also if a promise's listener closed the channel
     */
    boolean write(ChannelOutboundBuffer in, ShmChannel channel) throws IOException {
        left = bytesPerTurn;
        try {
            Object msg;
            while ((msg = in.current()) != null) {
                boolean complete = msg instanceof ByteBuf bytes ? write(in, bytes) : write(in, (FileRegion) msg);
                if (!complete || !channel.isActive()) {
                    return false;
                }
            }
            return true;
        } finally {
            if (channel.isActive()) {
                commit();
                if (mustRing) {
                    mustRing = false;
                    link.ring();
                }
            }
        }
    }

    private boolean write(ChannelOutboundBuffer in, ByteBuf bytes) throws IOException {
        int length = bytes.readableBytes();
        if (length != 0) {
            int written = left > 0 ? writer.write(bytes) : 0;
            in.progress(written);
            copied(written);
            if (written < length) {
                return false;
            }
        }
        in.remove();
        return true;
    }

    private boolean write(ChannelOutboundBuffer in, FileRegion region) throws IOException {
        while (region.transferred() < region.count()) {
            full = false;
            long written = region.transferTo(this, region.transferred());
            if (written <= 0) {
                if (!full) {
                    throw new IOException("the file ends " + (region.count() - region.transferred())
                            + " bytes before the end of " + region);
                }
                return false;
            }
            in.progress(written);
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
        copied(written);
        return written;
    }

    private void copied(int bytes) throws IOException {
        left -= bytes;
        if (writer.uncommitted() >= COMMIT_BYTES) {
            commit();
        }
    }

    private void commit() throws IOException {
        mustRing |= writer.commit();
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
