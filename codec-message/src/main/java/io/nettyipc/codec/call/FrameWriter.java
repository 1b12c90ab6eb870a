/* Copyright 2026 The Netty IPC Authors. Licensed under the Apache License, Version 2.0; see LICENSE. */
package io.nettyipc.codec.call;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.util.IllegalReferenceCountException;
import java.util.function.Consumer;

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
    private final ChannelFutureListener longMessageWritten;
    private final Runnable flushTask = this::flushScheduled;
    private ByteBuf batch;
    private int batchCapacity = MIN_BATCH;
    private boolean flushLater;
    private boolean flushScheduled;

    /**
     * Creates a writer.
     *
     * @param failed gets to know why a long message was not written, in whose place the peer takes what follows
     */
    FrameWriter(ChannelHandlerContext ctx, Consumer<Throwable> failed) {
        this.ctx = ctx;
        this.longMessageWritten = future -> {
            if (!future.isSuccess()) {
                failed.accept(future.cause());
            }
        };
    }

    void hello(CallLimits limits) {
        header(Frame.HELLO, 0, 0, Frame.HELLO_LENGTH)
                .writeInt(Frame.MAGIC)
                .writeInt(Frame.VERSION)
                .writeInt(limits.maxMessageLength())
                .writeInt(limits.window())
                .writeInt(limits.maxCalls())
                .writeInt(limits.connectionWindow());
        written();
    }

    void open(long id, int method, int timeoutMillis) {
        header(Frame.OPEN, 0, id, Frame.OPEN_LENGTH).writeInt(method).writeInt(timeoutMillis);
        written();
    }

    /**
     * Opens a call with a message.
     *
     * @throws RuntimeException if the message can't be read; then nothing is written, and it stays the caller's
     */
    void open(long id, int method, int timeoutMillis, ByteBuf message, boolean last) {
        int flags = last ? Frame.WITH_MESSAGE | Frame.LAST : Frame.WITH_MESSAGE;
        int length = message.readableBytes();
        int start = begin(message);
        header(Frame.OPEN, flags, id, Frame.OPEN_LENGTH + length)
                .writeInt(method)
                .writeInt(timeoutMillis);
        content(message, start);
        written();
    }

    /**
     * Writes a message.
     *
     * @throws RuntimeException if the message can't be read; then nothing is written, and it stays the caller's
     */
    void message(long id, ByteBuf message, boolean last) {
        int start = begin(message);
        header(Frame.MESSAGE, last ? Frame.LAST : 0, id, message.readableBytes());
        content(message, start);
        written();
    }

    /** {@return where a frame begins in the batch, after a look at whether its message can be read} */
    private int begin(ByteBuf message) {
        if (message.refCnt() <= 0) {
            throw new IllegalReferenceCountException(message.refCnt());
        }
        if (isLong(message)) {
            // Of a composite buffer parts may have been released.
            message.getByte(message.readerIndex());
            message.getByte(message.writerIndex() - 1);
        }
        return batch == null ? 0 : batch.writerIndex();
    }

    void end(long id, CallStatus status) {
        String description = beginning(status.description());
        int length = ByteBufUtil.utf8Bytes(description);
        ByteBuf out = header(Frame.END, 0, id, Frame.END_LENGTH + length)
                .writeByte(status.code().number());
        ByteBufUtil.writeUtf8(out, description);
        written();
    }

    /** {@return as many of the text's characters as fit} */
    private static String beginning(String text) {
        int bytes = 0;
        int end = 0;
        while (end < text.length()) {
            int character = text.codePointAt(end);
            bytes += character < 0x80 ? 1 : character < 0x800 ? 2 : character < 0x10000 ? 3 : 4;
            if (bytes > Frame.MAX_DESCRIPTION_LENGTH) {
                return text.substring(0, end);
            }
            end += Character.charCount(character);
        }
        return text;
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

    private static boolean isLong(ByteBuf message) {
        return message.readableBytes() > MAX_COPIED;
    }

    private void content(ByteBuf message, int start) {
        if (isLong(message)) {
            endBatch();
            ctx.write(message).addListener(longMessageWritten);
            return;
        }
        try {
            batch.writeBytes(message);
        } catch (RuntimeException e) {
            batch.writerIndex(start);
            throw e;
        }
        message.release();
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
