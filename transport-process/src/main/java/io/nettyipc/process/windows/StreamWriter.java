/* Copyright 2026 The Netty IPC Authors. Licensed under the Apache License, Version 2.0; see LICENSE. */
package io.nettyipc.process.windows;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelOutboundBuffer;
import io.netty.channel.FileRegion;
import io.nettyipc.base.channel.ReleasedWrites;
import io.nettyipc.base.channel.TwoStreamChannel;
import io.nettyipc.base.channel.WriteCoalescer;
import io.nettyipc.base.loop.BlockingHandle;
import io.nettyipc.base.os.DirectMemory;
import io.nettyipc.base.os.Win32Error;
import java.io.IOException;
import java.util.concurrent.RejectedExecutionException;

/**
 * The writing half of a channel whose handle blocks. The handle's thread is given the next bytes when it has written
 * the last; small buffers are copied together, large direct ones are written from where they are.
 */
final class StreamWriter {

    /** A direct message of this many bytes and more is written without a copy, even if others follow it. */
    private static final int COPY_BELOW = 16 * 1024;

    private static final int MAX_COALESCED = 64 * 1024;
    private static final int MAX_WRITE = 1024 * 1024;

    private final TwoStreamChannel channel;
    private final BlockingHandle handle;
    private final int maxCall;
    private final Runnable idle;
    /** Whether the thread has bytes. */
    private boolean writing;

    /**
     * Begins with nothing to write.
     *
     * @param maxCall writes at most so many bytes in one call
     * @param idle    told whenever nothing is left to be written
     */
    StreamWriter(TwoStreamChannel channel, BlockingHandle handle, int maxCall, Runnable idle) {
        this.channel = channel;
        this.handle = handle;
        this.maxCall = maxCall;
        this.idle = idle;
    }

    boolean isWriting() {
        return writing;
    }

    void write(ChannelOutboundBuffer in) throws IOException {
        ByteBuf bytes = next(in);
        if (bytes == null) {
            return;
        }
        int length = Math.min(bytes.readableBytes(), MAX_WRITE);
        writing = handle.submit(() -> write(bytes, length));
        if (!writing) {
            bytes.release();
            throw new IOException(channel + ": the thread that writes has ended");
        }
    }

    private ByteBuf next(ChannelOutboundBuffer in) throws IOException {
        for (Object msg = ReleasedWrites.current(in); msg != null; msg = ReleasedWrites.current(in)) {
            if (msg instanceof FileRegion region) {
                if (region.transferred() < region.count()) {
                    return channel.unsafe().nextBytes(region, MAX_COALESCED);
                }
            } else {
                ByteBuf buf = (ByteBuf) msg;
                int readable = buf.readableBytes();
                if (readable > 0) {
                    return buf.isDirect() && buf.nioBufferCount() == 1 && (in.size() == 1 || readable >= COPY_BELOW)
                            ? buf.retain()
                            : WriteCoalescer.current().coalesce(in, channel.alloc(), MAX_COALESCED);
                }
            }
            in.remove();
        }
        return null;
    }

    private void write(ByteBuf bytes, int length) {
        long address = DirectMemory.addressOf(bytes, bytes.readerIndex(), length);
        int written = 0;
        int result = 1;
        while (written < length && result > 0) {
            result = handle.write(address + written, Math.min(length - written, maxCall));
            written += Math.max(0, result);
        }
        // Nothing written is none of the outcomes of a call that blocks.
        int error = written == length ? 0 : result == 0 ? Win32Error.WRITE_FAULT : -result;
        try {
            channel.eventLoop().execute(() -> writeEnded(bytes, length, error));
        } catch (RejectedExecutionException e) {
            // The event loop has ended, and the channel with it.
            bytes.release();
        }
    }

    private void writeEnded(ByteBuf bytes, int length, int error) {
        bytes.release();
        // Null once the channel or its output is closed: the messages have been failed then.
        ChannelOutboundBuffer in = channel.unsafe().outboundBuffer();
        IOException failure =
                error == 0 ? null : new IOException(channel + ": " + new Win32Error(error).describe("WriteFile"));
        if (in != null && failure == null) {
            written(in, length);
        }
        // Not before: a listener of one of these messages may flush, and would send again what is still being taken
        // off.
        writing = false;
        if (in != null) {
            if (failure == null) {
                channel.unsafe().flushNow();
            } else {
                // Also when nobody reads any more: with AUTO_CLOSE, as a rule, a filter ends then.
                channel.unsafe().failWrite(failure);
            }
        }
        if (!writing) {
            idle.run();
        }
    }

    private static void written(ChannelOutboundBuffer in, int length) {
        if (in.current() instanceof FileRegion region) {
            in.progress(length);
            if (region.transferred() >= region.count()) {
                in.remove();
            }
        } else {
            in.removeBytes(length);
        }
    }

    /** Closes the handle, soon. */
    void closeInBackground() {
        BlockingHandle.CLOSER.execute(handle::close);
    }

    /** Closes the handle and waits for its thread. */
    void close() {
        handle.close();
    }
}
