/* Copyright 2026 The Netty IPC Authors. Licensed under the Apache License, Version 2.0; see LICENSE. */
package io.nettyipc.base.overlapped;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelPipeline;
import io.netty.channel.RecvByteBufAllocator;
import io.netty.channel.unix.PreferredDirectByteBufAllocator;
import io.nettyipc.base.channel.ReadBuffers;
import io.nettyipc.base.loop.CompletionPortIoHandler;
import io.nettyipc.base.loop.ImmediateReads;
import io.nettyipc.base.loop.NextTurn;
import io.nettyipc.base.loop.OverlappedOperation;
import io.nettyipc.base.os.DirectMemory;
import io.nettyipc.base.os.Win32Error;

/**
 * The reading half of an {@link OverlappedChannel}: waits for data, and passes on as much as the channel's
 * {@link RecvByteBufAllocator} allows. To be used on the channel's event loop.
 */
public final class OverlappedReader {

    private static final int DROP_BYTES = 64 * 1024;

    /** As many of these before it is other channels' turn. */
    private static final int DROP_READS = 16;

    private final OverlappedChannel channel;
    private final PipeTraits traits;
    private final long handle;
    private final ImmediateReads immediateReads;
    private final DataWait wait;
    private final PreferredDirectByteBufAllocator directAllocator = new PreferredDirectByteBufAllocator();
    private final NextTurn nextRead;

    private boolean readPending;
    private boolean reading;
    private boolean readScheduled;
    /** Whether a read would bring something, as far as is known. */
    private boolean dataReady;
    /** Whether the last part that was passed on was not its message's last. */
    private boolean inMessage;
    /** The peer has said that it will write no more. */
    private boolean ended;

    /** Somebody else reads from the pipe. */
    private boolean paused;
    /** What to do when the pause has begun. */
    private Runnable pauseBegun;

    OverlappedReader(
            OverlappedChannel channel,
            CompletionPortIoHandler handler,
            long handle,
            PipeTraits traits,
            boolean readPending) {
        this.channel = channel;
        this.traits = traits;
        this.handle = handle;
        this.readPending = readPending;
        nextRead = new NextTurn(channel, this::readScheduled);
        immediateReads = handler.immediateReads();
        wait = new DataWait(channel, handle, handler.scratchAddress());
    }

    /** The wait for data, for its tests. */
    public DataWait dataWait() {
        return wait;
    }

    /** Somebody wants data. */
    void beginRead() {
        if (channel.isInputShutdown()) {
            return;
        }
        readPending = true;
        waitForData();
    }

    /** The handlers don't want to read until their next {@code read}. */
    void clearReadPending() {
        readPending = false;
    }

    /** Whether there is data, a message, or the rest of one, that nobody has read. */
    public boolean hasData() {
        return dataReady || wait.hasArrived();
    }

    private void scheduleRead() {
        if (!reading && !readScheduled) {
            readScheduled = true;
            nextRead.await();
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

    /** The handlers will read no more: drops what the peer has sent and will send, to see the end behind it. */
    void inputShutdown() {
        readPending = false;
        waitForData();
    }

    private void drop() {
        wait.release();
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
            return immediateReads.read(handle, DirectMemory.addressOf(room, 0, DROP_BYTES), DROP_BYTES);
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
        } else if (!reading && !wait.isUnderWay()) {
            int error = wait.begin(readPending && !ended, noticesEmpty(), directAllocator);
            if (error != 0) {
                // Asked for later, since this may be inside a user's call of read().
                channel.eventLoop().execute(() -> readFailed(error));
            }
        }
    }

    /** Ends the wait for data, so that nobody else takes what comes, and calls back when it has ended. */
    public void pause(Runnable begun) {
        paused = true;
        pauseBegun = begun;
        if (wait.isUnderWay()) {
            wait.cancel();
        } else {
            pauseMayBegin();
        }
    }

    /** Called after each packet: what a wait has brought is passed on by then, as far as it is wanted. */
    void pauseMayBegin() {
        Runnable begun = pauseBegun;
        if (begun != null && channel.isActive() && !wait.isUnderWay()) {
            pauseBegun = null;
            begun.run();
        }
    }

    /** The pipe is this reader's again. */
    public void resume() {
        paused = false;
        waitForData();
    }

    /** Reads, and forgets, the rest of a message whose beginning was too long already. */
    public void dropRestOfMessage() {
        int read;
        do {
            read = readAndForget();
        } while (read > 0 && immediateReads.hasMoreOfMessage());
    }

    /**
     * How many bytes are here that nobody has read yet: those of a wait that has brought something, also if its packet
     * is still to come.
     */
    public int bytesAhead() {
        return wait.bytesAhead();
    }

    /** Whether those are a message, or the last of one, and not the beginning of what is in the pipe. */
    public boolean aheadEndsMessage() {
        return traits.readsMessages() && wait.aheadEndsMessage();
    }

    /** Whether a message of no bytes is more than nothing. */
    private boolean noticesEmpty() {
        return (traits.readsMessages() || traits.emptyMessageEnds()) && !ended && !channel.isInputShutdown();
    }

    /**
     * A packet has come.
     *
     * @return whether it was that of the wait for data
     */
    boolean waitEnded(OverlappedOperation operation) {
        if (!wait.isOf(operation)) {
            return false;
        }
        int error = wait.ended(operation, noticesEmpty());
        if (!channel.isActive()) {
            wait.release();
        } else if (error == Win32Error.SUCCESS) {
            dataReady |= !wait.hasArrived();
            readIfWanted();
        } else if (error == Win32Error.OPERATION_ABORTED) {
            waitForData();
        } else {
            readFailed(error);
        }
        return true;
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
            channel.unsafe().inputEnded();
        } else {
            if (!isWanted()) {
                // In byte mode a full buffer doesn't mean more data; the pending read will tell, and also detects
                // the end.
                dataReady &= traits.readsMessages();
            }
            waitForData();
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
            int wanted = wait.wanted();
            boolean more = wait.hasArrivedInPart();
            if (wait.hasArrived() && !wait.isWorthMoving(allocHandle.guess())) {
                bytes = wait.take();
            } else {
                // A handler may have read on another channel, with another allocator, meanwhile.
                allocator.updateAllocator(channel.alloc());
                // Before what has arrived is taken, since it may throw.
                bytes = ReadBuffers.allocate(allocHandle, allocator);
                beginWith(wait.take(), bytes);
                wanted = bytes.capacity();
                int room = bytes.writableBytes();
                int result =
                        immediateReads.read(handle, DirectMemory.addressOf(bytes, bytes.writerIndex(), room), room);
                if (result < 0 || (result == 0 && !noticesEmpty())) {
                    allocHandle.lastBytesRead(result);
                    bytes.release();
                    dataReady = false;
                    return result == -Win32Error.IO_PENDING ? 0 : -result;
                }
                more = immediateReads.hasMoreOfMessage();
                bytes.writerIndex(bytes.writerIndex() + result);
            }
            int read = bytes.readableBytes();
            allocHandle.attemptedBytesRead(wanted);
            allocHandle.lastBytesRead(read);
            readPending = false;
            wait.noteRead();
            if (read == 0 && traits.emptyMessageEnds()) {
                bytes.release();
                dataReady = false;
                ended = true;
                return 0;
            }
            // In byte mode a buffer that isn't full means that the pipe is empty.
            dataReady = traits.readsMessages() ? more : read == wanted;
            allocHandle.incMessagesRead(1);
            pipeline.fireChannelRead(traits.readsMessages() ? partOrMessage(bytes, more) : bytes);
        } while (dataReady && channel.isActive() && !channel.isInputShutdown() && allocHandle.continueReading());
        return 0;
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
        return channel.messagePart(bytes, !more);
    }

    /** Ends the wait for data, on an open handle; what it may bring all the same is kept. */
    void cancelWait() {
        wait.cancel();
    }

    /** The channel has closed: releases what has arrived. */
    void release() {
        wait.release();
    }
}
