/* Copyright 2026 The Netty IPC Authors. Licensed under the Apache License, Version 2.0; see LICENSE. */
package io.nettyipc.pipe.windows;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelPipeline;
import io.netty.channel.RecvByteBufAllocator;
import io.netty.channel.unix.PreferredDirectByteBufAllocator;

/**
 * The reading half of a {@link WindowsNamedPipeChannel}: waits for data, and passes on as much as the channel's
 * {@link RecvByteBufAllocator} allows. At most one wait is under way: a zero-byte read or, on a busy channel, a read with
 * a buffer.
 */
final class PipeReader {

    private final WindowsNamedPipeChannel channel;
    private final CompletionPortIoHandler handler;
    private final long handle;
    private final ZeroByteReadOperation dataWait;
    private final ReadOperation bufferedRead;
    private final Runnable readTask = this::readScheduled;

    private boolean readPending;
    private boolean reading;
    private boolean readScheduled;
    /** Whether a read would bring something, as far as is known. */
    private boolean dataReady;
    /** What a buffered read brought while nobody had asked for it. */
    private ByteBuf arrived;
    /** Whether data came lately, so that the next wait may hold a buffer. */
    private boolean busy;

    private boolean readSinceCheck;

    PipeReader(WindowsNamedPipeChannel channel, CompletionPortIoHandler handler, long handle, boolean readPending) {
        this.channel = channel;
        this.handler = handler;
        this.handle = handle;
        this.readPending = readPending;
        dataWait = new ZeroByteReadOperation(handle, handler.scratchAddress());
        bufferedRead = new ReadOperation(handle);
    }

    /** Somebody wants data. */
    void beginRead() {
        if (channel.isInputShutdown()) {
            return;
        }
        readPending = true;
        if (hasData()) {
            scheduleRead();
        } else {
            waitForData();
        }
    }

    /** Nobody wants data any more. */
    void clearReadPending() {
        readPending = false;
    }

    private boolean hasData() {
        return dataReady || arrived != null;
    }

    private void scheduleRead() {
        if (!reading && !readScheduled) {
            readScheduled = true;
            channel.eventLoop().execute(readTask);
        }
    }

    private void readScheduled() {
        readScheduled = false;
        if (hasData() && readPending && channel.isActive()) {
            read();
        }
    }

    /** Sees to it that data, or the peer's end, is noticed, unless it is already. */
    void waitForData() {
        if (!channel.canSubmitRead() || hasData() || reading || isWaiting()) {
            return;
        }
        int error = busy && readPending ? submitBufferedRead() : channel.submit(dataWait);
        if (error != 0) {
            // Asked for later, since this may be inside a user's call of read().
            channel.eventLoop().execute(() -> readFailed(error));
        }
    }

    /** Saves a busy channel the zero-byte read in front of each read; see {@link BusyReaders} for the way back. */
    @SuppressWarnings("deprecation") // RecvByteBufAllocator.Handle is what unsafe() gives
    private int submitBufferedRead() {
        RecvByteBufAllocator.Handle allocHandle = channel.unsafe().recvBufAllocHandle();
        PreferredDirectByteBufAllocator allocator = handler.readAllocator;
        allocator.updateAllocator(channel.alloc());
        int error = channel.submit(bufferedRead.prepare(allocHandle.allocate(allocator)));
        if (error != 0) {
            bufferedRead.discard();
        }
        return error;
    }

    /** The zero-byte read is over. */
    void dataArrived() {
        int error = dataWait.error();
        if (!channel.isActive()) {
            return;
        }
        if (error == 0 || error == Win32Error.MORE_DATA) {
            dataReady = true;
            if (readPending) {
                read();
            }
        } else if (error == Win32Error.OPERATION_ABORTED) {
            waitForData();
        } else {
            readFailed(error);
        }
    }

    /** The read with a buffer is over. */
    void bufferArrived() {
        int error = bufferedRead.error();
        ByteBuf bytes = bufferedRead.take();
        if (!channel.isActive()) {
            if (bytes != null) {
                bytes.release();
            }
        } else if (bytes != null) {
            arrived = bytes;
            if (readPending) {
                read();
            }
        } else if (error == 0 || error == Win32Error.MORE_DATA || error == Win32Error.OPERATION_ABORTED) {
            waitForData();
        } else {
            readFailed(error);
        }
    }

    /**
     * Asked about once a second while {@link #busy}.
     *
     * @return whether data came since the last time; if not, the channel gives back its buffer
     */
    boolean isStillBusy() {
        if (channel.isActive() && readSinceCheck) {
            readSinceCheck = false;
            return true;
        }
        busy = false;
        if (channel.isActive() && bufferedRead.isInFlight()) {
            // It may yet bring data, then that counts. Without, the zero-byte read takes its place.
            cancelWait();
        }
        return false;
    }

    /** Whether the wait for data holds a buffer, on the event loop's thread. */
    boolean holdsReadBuffer() {
        return bufferedRead.isInFlight();
    }

    private void readFailed(int error) {
        if (!channel.isActive()) {
            return;
        }
        if (!Win32Error.isPeerGone(error)) {
            channel.pipeline().fireExceptionCaught(channel.failure("ReadFile", error));
        }
        close();
    }

    private void close() {
        channel.unsafe().close(channel.voidPromise());
    }

    @SuppressWarnings("deprecation") // RecvByteBufAllocator.Handle is what unsafe() gives
    private void read() {
        ChannelPipeline pipeline = channel.pipeline();
        RecvByteBufAllocator.Handle allocHandle = channel.unsafe().recvBufAllocHandle();
        PreferredDirectByteBufAllocator allocator = handler.readAllocator;
        allocHandle.reset(channel.config());
        int error = 0;
        reading = true;
        try {
            error = readLoop(pipeline, allocHandle, allocator);
            allocHandle.readComplete();
            pipeline.fireChannelReadComplete();
        } catch (Throwable t) {
            allocHandle.readComplete();
            pipeline.fireChannelReadComplete();
            pipeline.fireExceptionCaught(t);
            if (t instanceof OutOfMemoryError) {
                close();
            }
        } finally {
            reading = false;
        }
        if (error != 0) {
            readFailed(error);
        } else if (!dataReady) {
            waitForData();
        } else if (readPending) {
            scheduleRead();
        }
    }

    private void noteRead() {
        readPending = false;
        readSinceCheck = true;
        if (!busy) {
            busy = true;
            handler.busyReaders.add(this, channel.eventLoop());
        }
    }

    /** Reads until the pipe is empty or the handle says that it is enough; returns the error that ended it, or 0. */
    @SuppressWarnings("deprecation")
    private int readLoop(
            ChannelPipeline pipeline,
            RecvByteBufAllocator.Handle allocHandle,
            PreferredDirectByteBufAllocator allocator) {
        do {
            int wanted;
            ByteBuf bytes = arrived;
            if (bytes != null) {
                arrived = null;
                wanted = bufferedRead.wanted();
            } else {
                // A handler may have read on another channel, with another allocator, meanwhile.
                allocator.updateAllocator(channel.alloc());
                bytes = allocHandle.allocate(allocator);
                wanted = bytes.writableBytes();
                int result = handler.readNow(
                        handle, CompletionPortIoHandler.addressOf(bytes, bytes.writerIndex(), wanted), wanted);
                if (result <= 0) {
                    allocHandle.lastBytesRead(result);
                    bytes.release();
                    dataReady = false;
                    return result == -Win32Error.IO_PENDING ? 0 : -result;
                }
                bytes.writerIndex(bytes.writerIndex() + result);
            }
            int read = bytes.readableBytes();
            allocHandle.attemptedBytesRead(wanted);
            allocHandle.lastBytesRead(read);
            noteRead();
            // A full buffer says nothing about what is left; anything less means that the pipe is empty.
            dataReady = read == wanted;
            allocHandle.incMessagesRead(1);
            pipeline.fireChannelRead(bytes);
        } while (dataReady && channel.isActive() && !channel.isInputShutdown() && allocHandle.continueReading());
        return 0;
    }

    private boolean isWaiting() {
        return dataWait.isInFlight() || bufferedRead.isInFlight();
    }

    /** Ends the wait for data, on an open handle; what it may bring all the same is kept. */
    void cancelWait() {
        OverlappedOperation wait = dataWait.isInFlight() ? dataWait : bufferedRead;
        if (wait.isInFlight()) {
            Kernel32.CancelIoEx(handle, wait.overlapped.address());
        }
    }

    boolean isBufferedRead(OverlappedOperation operation) {
        return operation == bufferedRead;
    }

    /** The channel is closed: nobody will ask for what had arrived. */
    void release() {
        if (arrived != null) {
            arrived.release();
            arrived = null;
        }
    }
}
