/* Copyright 2026 The Netty IPC Authors. Licensed under the Apache License, Version 2.0; see LICENSE. */
package io.nettyipc.base.overlapped;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelOutboundBuffer;
import io.netty.channel.ChannelPromise;
import io.netty.channel.FileRegion;
import io.nettyipc.base.channel.ReleasedWrites;
import io.nettyipc.base.channel.WriteCoalescer;
import io.nettyipc.base.loop.CompletionPortIoHandler;
import io.nettyipc.base.loop.NextTurn;
import io.nettyipc.base.loop.WriteOperation;
import io.nettyipc.base.os.Win32Error;
import java.io.IOException;

/**
 * The writing half of an {@link OverlappedChannel}. A pipe has no gathering write: small buffers are copied together,
 * large direct ones are written from where they are. One write is under way at a time, so that bytes can't overtake
 * each other. Where each write is a message, each buffer is one write. To be used on the channel's event loop.
 */
public final class OverlappedWriter {

    /** A direct message of this many bytes and more is written without a copy, even if others follow it. */
    private static final int COPY_BELOW = 16 * 1024;

    private static final int MAX_COALESCED = 64 * 1024;

    /** The kernel may hold a pending write's bytes in nonpaged memory. */
    private static final int MAX_WRITE = 1024 * 1024;

    private final OverlappedChannel channel;
    private final CompletionPortIoHandler handler;
    private final long handle;
    private final NextTurn nextFlush;
    /** Whether a write is a message. */
    private final boolean messages;
    /** Whether an empty buffer is one too. */
    private final boolean emptyMessages;

    private WriteOperation pendingWrite;
    /** Whether the first flushed message is no write, but something else that the channel does in its turn. */
    private boolean exchanging;

    private ChannelPromise endPromise;

    OverlappedWriter(OverlappedChannel channel, CompletionPortIoHandler handler, long handle, PipeTraits traits) {
        this.channel = channel;
        this.handler = handler;
        this.handle = handle;
        messages = traits.writesMessages();
        emptyMessages = traits.readsMessages() && !traits.emptyMessageEnds();
        nextFlush = new NextTurn(channel, this::goOn);
    }

    /** Whether flushed messages wait for the packet of a write, or for the end of an exchange. */
    boolean isPending() {
        return pendingWrite != null || exchanging;
    }

    /** Writes what is flushed, or learns that nothing is left, which a flush of nothing doesn't tell. */
    private void goOn() {
        channel.unsafe().flushNow();
        flushedIfDone();
    }

    /** Writes what is flushed, until a write doesn't end at once. */
    void write(ChannelOutboundBuffer in) throws IOException {
        if (isPending()) {
            return;
        }
        for (int i = channel.config().getWriteSpinCount(); i > 0; i--) {
            Object msg = current(in);
            if (msg == null) {
                if (channel.isOutputEnding()) {
                    // Not from within a flush.
                    channel.eventLoop().execute(this::flushedIfDone);
                }
                return;
            }
            if (!(msg instanceof ByteBuf) && !(msg instanceof FileRegion)) {
                exchanging = true;
                channel.exchange(msg);
            } else {
                WriteOperation write = nextWrite(in, msg);
                int error = submit(write);
                if (error == Win32Error.SUCCESS) {
                    // Done; its packet only brings the record back.
                    write.releaseBytes();
                    written(in, write.length());
                } else if (error == Win32Error.IO_PENDING) {
                    pendingWrite = write;
                } else {
                    write.releaseBytes();
                    handler.writeOperations().giveBack(write);
                    writeFailed(in, error);
                }
            }
            if (isPending()) {
                return;
            }
        }
        // Other channels' turn.
        nextFlush.await();
    }

    /** The first flushed message of which there is something to write, or null; takes off those before it. */
    private Object current(ChannelOutboundBuffer in) {
        for (; ; ) {
            Object msg = ReleasedWrites.current(in);
            boolean nothing = msg instanceof FileRegion region
                    ? region.transferred() >= region.count()
                    : msg instanceof ByteBuf buf && !buf.isReadable() && !emptyMessages;
            if (!nothing) {
                return msg;
            }
            in.remove();
        }
    }

    /** The next bytes to write as an operation to be submitted. */
    private WriteOperation nextWrite(ChannelOutboundBuffer in, Object msg) throws IOException {
        ByteBuf bytes;
        int max = MAX_WRITE;
        if (msg instanceof FileRegion region) {
            bytes = channel.unsafe().nextBytes(region, MAX_COALESCED);
        } else if (messages) {
            bytes = message((ByteBuf) msg);
            max = Integer.MAX_VALUE;
        } else {
            ByteBuf buf = (ByteBuf) msg;
            boolean inPlace = buf.isDirect()
                    && buf.nioBufferCount() == 1
                    && (in.size() == 1 || buf.readableBytes() >= COPY_BELOW);
            bytes = inPlace ? buf.retain() : WriteCoalescer.current().coalesce(in, channel.alloc(), MAX_COALESCED);
        }
        return handler.writeOperations().take().prepare(handle, bytes, Math.min(bytes.readableBytes(), max));
    }

    /** Starts a write; one that throws instead lets go of its bytes. */
    private int submit(WriteOperation write) {
        try {
            return channel.submit(write);
        } catch (Throwable t) {
            if (!write.isInFlight()) {
                write.releaseBytes();
                handler.writeOperations().giveBack(write);
            }
            throw t;
        }
    }

    /** The whole message in one direct piece, for the caller to release. */
    public ByteBuf message(ByteBuf buf) {
        int length = buf.readableBytes();
        if (length == 0) {
            return Unpooled.EMPTY_BUFFER;
        }
        if (buf.isDirect() && buf.nioBufferCount() == 1) {
            return buf.retain();
        }
        return channel.alloc().directBuffer(length, length).writeBytes(buf, buf.readerIndex(), length);
    }

    private void written(ChannelOutboundBuffer in, int bytes) {
        Object msg = in.current();
        if (msg instanceof FileRegion region) {
            in.progress(bytes);
            if (region.transferred() >= region.count()) {
                in.remove();
            }
        } else if (messages) {
            // Not removeBytes(), which would take off an empty message behind it too.
            in.progress(bytes);
            in.remove();
        } else {
            in.removeBytes(bytes);
        }
    }

    /** Tells the channel when no flushed message is left, for one that waits to end its output. */
    public void flushedIfDone() {
        ChannelOutboundBuffer in = channel.unsafe().outboundBuffer();
        if (!isPending() && in != null && in.isEmpty()) {
            channel.flushed();
        }
    }

    /** Writes the empty message that ends the output; the last write. */
    public void writeEnd(ChannelPromise promise) {
        WriteOperation write = handler.writeOperations().take().prepare(handle, Unpooled.EMPTY_BUFFER, 0);
        int error = channel.submit(write);
        if (error == Win32Error.IO_PENDING) {
            pendingWrite = write;
            endPromise = promise;
            return;
        }
        if (!write.isInFlight()) {
            handler.writeOperations().giveBack(write);
        }
        ended(promise, error);
    }

    private void ended(ChannelPromise promise, int error) {
        if (error == Win32Error.SUCCESS) {
            promise.trySuccess();
        } else {
            promise.tryFailure(channel.failure("WriteFile", error));
        }
    }

    /** A write's packet has come. */
    void completed(WriteOperation write) {
        boolean counted = write != pendingWrite;
        int error = write.error();
        int length = write.length();
        write.releaseBytes();
        handler.writeOperations().giveBack(write);
        if (counted) {
            return;
        }
        // Null once the channel or its output is closed: the messages have been failed then.
        ChannelOutboundBuffer in = channel.unsafe().outboundBuffer();
        IOException failure = null;
        if (in != null) {
            try {
                if (error == 0) {
                    written(in, length);
                } else {
                    writeFailed(in, error);
                }
            } catch (IOException e) {
                failure = e;
            }
        }
        // Not before: a listener of one of these messages may flush, and would send again what is still being
        // taken off.
        pendingWrite = null;
        if (endPromise != null) {
            ended(endPromise, error);
        } else if (failure != null) {
            channel.unsafe().failWrite(failure);
        } else {
            goOn();
        }
    }

    /** An exchange is over, and its message is off the outbound buffer. */
    public void exchanged() {
        exchanging = false;
        goOn();
    }

    private void writeFailed(ChannelOutboundBuffer in, int error) throws IOException {
        IOException failure = channel.failure("WriteFile", error);
        if (!Win32Error.isPeerGone(error) || !channel.isReadable() || channel.isInputShutdown()) {
            throw failure;
        }
        // What the peer sent before it went is still to be read; the end behind it closes the channel. Fail only
        // what is flushed now: a listener may write again, for ever.
        for (int left = in.size(); left > 0 && in.remove(failure); ) {
            left--;
        }
    }
}
