/* Copyright 2026 The Netty IPC Authors. Licensed under the Apache License, Version 2.0; see LICENSE. */
package io.nettyipc.pipe.windows;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelPipeline;
import io.netty.channel.RecvByteBufAllocator;
import io.netty.channel.unix.PreferredDirectByteBufAllocator;
import io.nettyipc.base.channel.ReadBuffers;
import io.nettyipc.base.loop.CompletionPortIoHandler;
import io.nettyipc.base.loop.OverlappedOperation;
import io.nettyipc.base.os.Kernel32;
import io.nettyipc.base.os.Win32Error;
import io.nettyipc.pipe.NamedPipeMessagePart;

/**
 * The reading half of a {@link WindowsNamedPipeChannel}: waits for data, and passes on as much as the channel's
 * {@link RecvByteBufAllocator} allows. At most one wait is under way: a zero-byte read or, on a busy channel, a read with
 * a buffer.
 *
 * <p>Where an empty message means something, the wait of an idle channel has a buffer too, a very small one: a zero-byte
 * read that is over doesn't tell whether it met data, or an empty message, or even consumed one.
 */
final class PipeReader {

    /** Room for the beginning of a message, where a zero-byte read won't do. */
    private static final int IDLE_BYTES = 32;

    private static final int DROP_BYTES = 64 * 1024;

    /** As many of these before it is other channels' turn. */
    private static final int DROP_READS = 16;

    private final WindowsNamedPipeChannel channel;
    private final CompletionPortIoHandler handler;
    private final PreferredDirectByteBufAllocator directAllocator = new PreferredDirectByteBufAllocator();
    private final long handle;
    private final ZeroByteReadOperation dataWait;
    private final ReadOperation bufferedRead;
    private final Runnable readTask = this::readScheduled;
    /** Whether a read brings one message or a part of one, and the next read the next. */
    private final boolean messages;
    /** Whether an empty message is the end of the input. */
    private final boolean endsWithEmpty;

    private boolean readPending;
    private boolean reading;
    private boolean readScheduled;
    /** Whether a read would bring something, as far as is known. */
    private boolean dataReady;
    /** What a buffered read brought while nobody had asked for it. */
    private ByteBuf arrived;
    /** Whether {@link #arrived} is only the beginning of its message, and a read brings more of it. */
    private boolean arrivedInPart;
    /** Whether the last part that was passed on was not its message's last. */
    private boolean inMessage;
    /** The peer has said that it will write no more. */
    private boolean ended;

    /** Whether data came lately, so that the next wait may hold a buffer. */
    private boolean busy;

    private boolean readSinceCheck;

    /** A transaction has the pipe to itself. */
    private boolean paused;
    /** What to do when the pause has begun. */
    private Runnable pauseBegun;

    PipeReader(
            WindowsNamedPipeChannel channel,
            CompletionPortIoHandler handler,
            long handle,
            boolean readPending,
            boolean messages,
            boolean endsWithEmpty) {
        this.channel = channel;
        this.handler = handler;
        this.handle = handle;
        this.readPending = readPending;
        this.messages = messages;
        this.endsWithEmpty = endsWithEmpty;
        dataWait = new ZeroByteReadOperation(handle, handler.scratchAddress());
        bufferedRead = new ReadOperation(handle);
    }

    /** Somebody wants data. */
    void beginRead() {
        if (channel.isInputShutdown()) {
            return;
        }
        readPending = true;
        waitForData();
    }

    /** Nobody wants data any more. */
    void clearReadPending() {
        readPending = false;
    }

    /** Whether there is data, a message, or the rest of one, that nobody has read. */
    boolean hasData() {
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
        if (hasData() && channel.canSubmitRead()) {
            readIfWanted();
        }
    }

    /** Whether what is there may be taken: to be passed on or, once the input is shut down, to be dropped. */
    private boolean isWanted() {
        return readPending || channel.isInputShutdown();
    }

    /** There is something to read, and now is the time. */
    private void readIfWanted() {
        if (channel.isInputShutdown()) {
            drop();
        } else if (readPending) {
            read();
        }
    }

    /** Nobody will read any more: what is here and what comes is dropped, so that the peer's end is seen behind it. */
    void inputShutdown() {
        readPending = false;
        waitForData();
    }

    private void drop() {
        release();
        int result = -Win32Error.IO_PENDING;
        if (!paused) {
            int reads = DROP_READS;
            do {
                result = readAndForget();
            } while (result > 0 && --reads > 0);
        }
        // 0 for an empty message: the wait tells whether there is more.
        dataReady = result > 0;
        if (result >= 0 || result == -Win32Error.IO_PENDING) {
            waitForData();
        } else {
            readFailed(-result);
        }
    }

    private int readAndForget() {
        ByteBuf room = channel.alloc().directBuffer(DROP_BYTES, DROP_BYTES);
        try {
            return handler.immediateReads()
                    .read(handle, CompletionPortIoHandler.addressOf(room, 0, DROP_BYTES), DROP_BYTES);
        } finally {
            room.release();
        }
    }

    /** Sees to it that data is read if it is wanted, and that data, or the peer's end, is noticed if none is here. */
    void waitForData() {
        if (!channel.canSubmitRead() || paused) {
            return;
        }
        if (hasData()) {
            if (isWanted()) {
                scheduleRead();
            }
        } else if (!reading && !isWaiting()) {
            boolean large = busy && readPending && !ended;
            int error = large || noticesEmpty() ? submitBufferedRead(large) : channel.submit(dataWait);
            if (error != 0) {
                // Asked for later, since this may be inside a user's call of read().
                channel.eventLoop().execute(() -> readFailed(error));
            }
        }
    }

    /** Ends the wait for data, so that nobody else takes what comes, and calls back when it has ended. */
    void pause(Runnable begun) {
        paused = true;
        pauseBegun = begun;
        if (isWaiting()) {
            cancelWait();
        } else {
            pauseMayBegin();
        }
    }

    /** Called after each packet: what a wait has brought is passed on by then, as far as it is wanted. */
    void pauseMayBegin() {
        Runnable begun = pauseBegun;
        if (begun != null && channel.isActive() && !isWaiting()) {
            pauseBegun = null;
            begun.run();
        }
    }

    void resume() {
        paused = false;
        waitForData();
    }

    /** Reads, and forgets, the rest of a message whose beginning was too long already. */
    void dropRestOfMessage() {
        int read;
        do {
            read = readAndForget();
        } while (read > 0 && handler.immediateReads().hasMoreOfMessage());
    }

    /**
     * How many bytes are here that nobody has read yet: those of a wait that has brought something, also if its packet is
     * still to come.
     */
    int bytesAhead() {
        if (arrived != null) {
            return arrived.readableBytes();
        }
        return hasFinishedRead() ? bufferedRead.overlapped.transferred() : 0;
    }

    /** Whether those are a message, or the last of one, and not the beginning of what is in the pipe. */
    boolean aheadEndsMessage() {
        return messages
                && (arrived != null ? !arrivedInPart : hasFinishedRead() && bufferedRead.overlapped.status() == 0);
    }

    private boolean hasFinishedRead() {
        return bufferedRead.isInFlight() && !bufferedRead.overlapped.isPending();
    }

    /** Whether a message of no bytes is more than nothing. */
    private boolean noticesEmpty() {
        return (messages || endsWithEmpty) && !ended && !channel.isInputShutdown();
    }

    /**
     * Saves a busy channel the zero-byte read in front of each read; see {@link BusyReaders} for the way back.
     *
     * @param large whether the buffer is one for all that may come, or just for the beginning
     */
    @SuppressWarnings("deprecation") // RecvByteBufAllocator.Handle is what unsafe() gives
    private int submitBufferedRead(boolean large) {
        RecvByteBufAllocator.Handle allocHandle = channel.unsafe().recvBufAllocHandle();
        // A read loop begins with this buffer: without it a limit of the loop before would count.
        allocHandle.reset(channel.config());
        PreferredDirectByteBufAllocator allocator = directAllocator;
        allocator.updateAllocator(channel.alloc());
        int idleBytes = Math.max(1, Math.min(IDLE_BYTES, allocHandle.guess()));
        int error = channel.submit(bufferedRead.prepare(
                large ? ReadBuffers.allocate(allocHandle, allocator) : allocator.directBuffer(idleBytes, idleBytes)));
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
            readIfWanted();
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
        if (bytes == null && error == 0 && noticesEmpty()) {
            bytes = Unpooled.EMPTY_BUFFER;
        }
        if (!channel.isActive()) {
            if (bytes != null) {
                bytes.release();
            }
        } else if (bytes != null) {
            arrived = bytes;
            arrivedInPart = error == Win32Error.MORE_DATA;
            readIfWanted();
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
        return bufferedRead.isInFlight() && bufferedRead.wanted() > IDLE_BYTES;
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
        PreferredDirectByteBufAllocator allocator = directAllocator;
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
        } else if (ended) {
            channel.inputEnded();
        } else {
            if (!isWanted()) {
                // Among bytes a full buffer says nothing about what is left. The wait tells, and sees a peer that has
                // gone.
                dataReady &= messages;
            }
            waitForData();
        }
    }

    private void noteRead() {
        readPending = false;
        readSinceCheck = true;
        if (!busy) {
            busy = true;
            BusyReaders.current().add(this, channel.eventLoop());
        }
    }

    /** Reads until the pipe is empty or the handle says that it is enough; returns the error that ended it, or 0. */
    @SuppressWarnings("deprecation")
    private int readLoop(
            ChannelPipeline pipeline,
            RecvByteBufAllocator.Handle allocHandle,
            PreferredDirectByteBufAllocator allocator) {
        do {
            ByteBuf bytes;
            int wanted = bufferedRead.wanted();
            boolean more = arrivedInPart;
            if (arrived != null && !(more && wanted <= IDLE_BYTES && arrived.readableBytes() < allocHandle.guess())) {
                bytes = takeArrived();
            } else {
                // A handler may have read on another channel, with another allocator, meanwhile.
                allocator.updateAllocator(channel.alloc());
                // Before what has arrived is taken, since it may throw.
                bytes = ReadBuffers.allocate(allocHandle, allocator);
                beginWith(takeArrived(), bytes);
                wanted = bytes.capacity();
                int room = bytes.writableBytes();
                int result = handler.immediateReads()
                        .read(handle, CompletionPortIoHandler.addressOf(bytes, bytes.writerIndex(), room), room);
                if (result < 0 || (result == 0 && !noticesEmpty())) {
                    allocHandle.lastBytesRead(result);
                    bytes.release();
                    dataReady = false;
                    return result == -Win32Error.IO_PENDING ? 0 : -result;
                }
                more = handler.immediateReads().hasMoreOfMessage();
                bytes.writerIndex(bytes.writerIndex() + result);
            }
            int read = bytes.readableBytes();
            allocHandle.attemptedBytesRead(wanted);
            allocHandle.lastBytesRead(read);
            noteRead();
            if (read == 0 && endsWithEmpty) {
                bytes.release();
                dataReady = false;
                ended = true;
                return 0;
            }
            // Among bytes a buffer that isn't full means that the pipe is empty.
            dataReady = messages ? more : read == wanted;
            allocHandle.incMessagesRead(1);
            pipeline.fireChannelRead(messages ? partOrMessage(bytes, more) : bytes);
        } while (dataReady && channel.isActive() && !channel.isInputShutdown() && allocHandle.continueReading());
        return 0;
    }

    private ByteBuf takeArrived() {
        ByteBuf bytes = arrived;
        arrived = null;
        arrivedInPart = false;
        return bytes;
    }

    /** Moves what an idle channel's wait has brought of a message to a buffer that has room for more of it. */
    private static void beginWith(ByteBuf beginning, ByteBuf bytes) {
        if (beginning != null) {
            bytes.writeBytes(beginning);
            beginning.release();
        }
    }

    private Object partOrMessage(ByteBuf bytes, boolean more) {
        if (!more && !inMessage) {
            return bytes;
        }
        inMessage = more;
        return new NamedPipeMessagePart(bytes, !more);
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

    /** Nobody will ask for what had arrived. */
    void release() {
        if (arrived != null) {
            arrived.release();
            arrived = null;
        }
    }
}
