/* Copyright 2026 The Netty IPC Authors. Licensed under the Apache License, Version 2.0; see LICENSE. */
package io.nettyipc.process.windows;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelPipeline;
import io.netty.channel.RecvByteBufAllocator;
import io.netty.channel.unix.PreferredDirectByteBufAllocator;
import io.nettyipc.base.channel.ReadBuffers;
import io.nettyipc.base.channel.TwoStreamChannel;
import io.nettyipc.base.loop.BlockingHandle;
import io.nettyipc.base.os.DirectMemory;
import io.nettyipc.base.os.Win32Error;
import java.io.IOException;
import java.util.concurrent.RejectedExecutionException;

/**
 * The reading half of a channel whose handle blocks. The handle's thread is given one buffer when somebody wants to
 * read; what it brings after nobody does is kept until somebody does again, and nothing more is read meanwhile.
 */
final class StreamReader {
    private final TwoStreamChannel channel;
    private final BlockingHandle handle;
    private final boolean pipe;
    private final PreferredDirectByteBufAllocator allocator = new PreferredDirectByteBufAllocator();

    private boolean readPending;
    /** Whether the thread has a buffer. */
    private boolean reading;
    /** Bytes that were read and not passed on yet. */
    private ByteBuf arrived;

    private int wanted;
    private boolean stopped;

    StreamReader(TwoStreamChannel channel, BlockingHandle handle, boolean pipe) {
        this.channel = channel;
        this.handle = handle;
        this.pipe = pipe;
    }

    @SuppressWarnings("deprecation") // RecvByteBufAllocator.Handle is what unsafe() gives
    void beginRead() {
        if (stopped) {
            return;
        }
        readPending = true;
        if (arrived != null) {
            // Not from within the user's call of read().
            channel.eventLoop().execute(this::passOn);
        } else if (!reading) {
            allocator.updateAllocator(channel.alloc());
            RecvByteBufAllocator.Handle allocHandle = channel.unsafe().recvBufAllocHandle();
            allocHandle.reset(channel.config());
            ByteBuf buffer = ReadBuffers.allocate(allocHandle, allocator);
            wanted = buffer.writableBytes();
            reading = handle.submit(() -> read(buffer));
            if (!reading) {
                buffer.release();
            }
        }
    }

    /** The input begins with these bytes, which belong to the reader from now on. */
    @SuppressWarnings("deprecation") // RecvByteBufAllocator.Handle is what unsafe() gives
    void begins(ByteBuf bytes) {
        channel.unsafe().recvBufAllocHandle().reset(channel.config());
        wanted = bytes.readableBytes();
        arrived = bytes;
    }

    void clearReadPending() {
        readPending = false;
    }

    private void read(ByteBuf buffer) {
        int length = buffer.writableBytes();
        long address = DirectMemory.addressOf(buffer, buffer.writerIndex(), length);
        int result;
        do {
            result = handle.read(address, length);
            // Somebody wrote nothing to the pipe; from anything else it is the end.
        } while (result == 0 && pipe);
        int bytesOrError = result;
        try {
            channel.eventLoop().execute(() -> readEnded(buffer, bytesOrError));
        } catch (RejectedExecutionException e) {
            // The event loop has ended, and the channel with it.
            buffer.release();
        }
    }

    private void readEnded(ByteBuf buffer, int bytesOrError) {
        reading = false;
        if (bytesOrError > 0 && !stopped) {
            arrived = buffer.writerIndex(buffer.writerIndex() + bytesOrError);
            passOn();
            return;
        }
        buffer.release();
        if (stopped) {
            return;
        }
        int error = -bytesOrError;
        if (error == 0 || error == Win32Error.HANDLE_EOF || Win32Error.isPeerGone(error)) {
            channel.unsafe().inputEnded();
        } else {
            channel.pipeline()
                    .fireExceptionCaught(new IOException(channel + ": " + new Win32Error(error).describe("ReadFile")));
            channel.unsafe().close();
        }
    }

    @SuppressWarnings("deprecation") // RecvByteBufAllocator.Handle is what unsafe() gives
    private void passOn() {
        ByteBuf bytes = arrived;
        if (!readPending || bytes == null) {
            return;
        }
        arrived = null;
        readPending = false;
        ChannelPipeline pipeline = channel.pipeline();
        RecvByteBufAllocator.Handle allocHandle = channel.unsafe().recvBufAllocHandle();
        allocHandle.attemptedBytesRead(wanted);
        allocHandle.lastBytesRead(bytes.readableBytes());
        allocHandle.incMessagesRead(1);
        pipeline.fireChannelRead(bytes);
        allocHandle.readComplete();
        pipeline.fireChannelReadComplete();
    }

    /** The handlers will read no more: drops what has arrived and what may still come. */
    void stop() {
        stopped = true;
        readPending = false;
        if (arrived != null) {
            arrived.release();
            arrived = null;
        }
    }

    /** Closes the handle, soon. */
    void closeInBackground() {
        stop();
        BlockingHandle.CLOSER.execute(handle::close);
    }

    /** Closes the handle and waits for its thread. */
    void close() {
        handle.close();
    }
}
