/* Copyright 2026 The Netty IPC Authors. Licensed under the Apache License, Version 2.0; see LICENSE. */
package io.nettyipc.codec.call;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.channel.ChannelHandlerContext;

/**
 * Writes a connection's frames. Small ones are put together into one buffer, so that the channel has to do with as few
 * buffers as possible; long messages are not copied. Used on the event loop only.
 */
final class FrameWriter {

    /** Copying so much costs less than a buffer of its own does on its way through the channel. */
    private static final int MAX_COPIED = 4 * 1024;

    private static final int MIN_BATCH = 512;
    private static final int MAX_BATCH = 32 * 1024;

    private final ChannelHandlerContext ctx;
    private final Runnable flushTask = this::flushScheduled;
    private ByteBuf batch;
    private int batchCapacity = MIN_BATCH;
    private boolean flushLater;
    private boolean flushScheduled;

    FrameWriter(ChannelHandlerContext ctx) {
        this.ctx = ctx;
    }

    void hello(CallLimits limits) {
        header(Frame.HELLO, 0, 0, Frame.HELLO_LENGTH)
                .writeInt(Frame.MAGIC)
                .writeInt(Frame.VERSION)
                .writeInt(limits.maxMessageLength())
                .writeInt(limits.window())
                .writeInt(limits.maxCalls());
        written();
    }

    void open(long id, int method, int timeoutMillis) {
        header(Frame.OPEN, 0, id, Frame.OPEN_LENGTH).writeInt(method).writeInt(timeoutMillis);
        written();
    }

    void open(long id, int method, int timeoutMillis, ByteBuf message, boolean last) {
        int flags = last ? Frame.WITH_MESSAGE | Frame.LAST : Frame.WITH_MESSAGE;
        header(Frame.OPEN, flags, id, Frame.OPEN_LENGTH + message.readableBytes())
                .writeInt(method)
                .writeInt(timeoutMillis);
        content(message);
        written();
    }

    void message(long id, ByteBuf message, boolean last) {
        header(Frame.MESSAGE, last ? Frame.LAST : 0, id, message.readableBytes());
        content(message);
        written();
    }

    void end(long id, CallStatus status) {
        String text = status.description();
        String description =
                text.length() > Frame.MAX_DESCRIPTION_LENGTH ? text.substring(0, Frame.MAX_DESCRIPTION_LENGTH) : text;
        int length = Math.min(ByteBufUtil.utf8Bytes(description), Frame.MAX_DESCRIPTION_LENGTH);
        ByteBuf out = header(Frame.END, 0, id, Frame.END_LENGTH + length)
                .writeByte(status.code().number());
        int end = out.writerIndex() + length;
        ByteBufUtil.writeUtf8(out, description);
        out.writerIndex(end);
        written();
    }

    void window(long id, int increment) {
        header(Frame.WINDOW, 0, id, Integer.BYTES).writeInt(increment);
        written();
    }

    void goAway(long lastId) {
        header(Frame.GO_AWAY, 0, lastId, 0);
        written();
    }

    /** From here on frames wait for {@link #flushNow}, which will be called soon. */
    void flushLater() {
        flushLater = true;
    }

    void flushNow() {
        flushLater = false;
        endBatch();
        ctx.flush();
    }

    private void flushScheduled() {
        flushScheduled = false;
        flushNow();
    }

    /** Drops what is not with the channel yet. */
    void close() {
        if (batch != null) {
            batch.release();
            batch = null;
        }
    }

    private ByteBuf header(int type, int flags, long id, int payloadLength) {
        if (batch == null) {
            batch = ctx.alloc().buffer(batchCapacity);
        }
        return batch.writeInt(Frame.HEADER_LENGTH - Frame.LENGTH_FIELD_LENGTH + payloadLength)
                .writeByte(type)
                .writeByte(flags)
                .writeShort(0)
                .writeLong(id);
    }

    private void content(ByteBuf message) {
        if (message.readableBytes() > MAX_COPIED) {
            endBatch();
            ctx.write(message, ctx.voidPromise());
        } else {
            batch.writeBytes(message);
            message.release();
        }
    }

    private void written() {
        if (batch != null && batch.readableBytes() >= MAX_BATCH - MAX_COPIED) {
            endBatch();
        }
        if (!flushLater && !flushScheduled) {
            flushScheduled = true;
            ctx.executor().execute(flushTask);
        }
    }

    private void endBatch() {
        if (batch != null) {
            ByteBuf written = batch;
            batch = null;
            // The next will be about as long, and need not grow.
            batchCapacity =
                    Math.max(MIN_BATCH, Math.min(MAX_BATCH, Integer.highestOneBit(written.readableBytes()) << 1));
            ctx.write(written, ctx.voidPromise());
        }
    }
}
