/* Copyright 2026 The Netty IPC Authors. Licensed under the Apache License, Version 2.0; see LICENSE. */
package io.nettyipc.base.overlapped;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.RecvByteBufAllocator;
import io.netty.channel.unix.PreferredDirectByteBufAllocator;
import io.nettyipc.base.channel.ReadBuffers;
import io.nettyipc.base.loop.OverlappedOperation;
import io.nettyipc.base.os.Kernel32;
import io.nettyipc.base.os.Win32Error;

/**
 * A channel's wait for data: one operation at a time, a zero-byte read or, on a busy channel, a read with a buffer,
 * which saves the zero-byte read in front of each read. It keeps what it has brought until the {@link OverlappedReader}
 * takes it.
 *
 * <p>Where an empty message means something, the wait of an idle channel has a buffer too, a very small one: a
 * zero-byte read that is over doesn't tell whether it met data, or an empty message, or even consumed one.
 */
public final class DataWait {

    /** Room for the beginning of a message, where a zero-byte read won't do. */
    private static final int IDLE_BYTES = 32;

    private final OverlappedChannel channel;
    private final long handle;
    private final ZeroByteReadOperation zeroByteRead;
    private final ReadOperation bufferedRead;
    /** What a buffered read has brought and the reader has not taken yet. */
    private ByteBuf arrived;
    /** Whether {@link #arrived} is only the beginning of its message, and a read brings more of it. */
    private boolean arrivedInPart;

    /** Whether data came lately, so that the next wait may hold a buffer. */
    private boolean busy;

    private boolean readSinceCheck;

    DataWait(OverlappedChannel channel, long handle, long scratchAddress) {
        this.channel = channel;
        this.handle = handle;
        zeroByteRead = new ZeroByteReadOperation(handle, scratchAddress);
        bufferedRead = new ReadOperation(handle);
    }

    boolean isUnderWay() {
        return zeroByteRead.isInFlight() || bufferedRead.isInFlight();
    }

    /**
     * Begins to wait.
     *
     * @param wanted whether the data will be read as soon as it comes
     * @param noticesEmpty whether an empty message counts
     * @return 0 or the error
     */
    int begin(boolean wanted, boolean noticesEmpty, PreferredDirectByteBufAllocator allocator) {
        boolean large = busy && wanted;
        return large || noticesEmpty ? beginBuffered(large, allocator) : channel.submit(zeroByteRead);
    }

    /** With a buffer for all that may come, or just for the beginning. */
    @SuppressWarnings("deprecation") // RecvByteBufAllocator.Handle is what unsafe() gives
    private int beginBuffered(boolean large, PreferredDirectByteBufAllocator allocator) {
        RecvByteBufAllocator.Handle allocHandle = channel.unsafe().recvBufAllocHandle();
        // A read loop begins with this buffer: without it a limit of the loop before would count.
        allocHandle.reset(channel.config());
        allocator.updateAllocator(channel.alloc());
        int idleBytes = Math.max(1, Math.min(IDLE_BYTES, allocHandle.guess()));
        int error = channel.submit(bufferedRead.prepare(
                large ? ReadBuffers.allocate(allocHandle, allocator) : allocator.directBuffer(idleBytes, idleBytes)));
        if (error != 0) {
            bufferedRead.discard();
        }
        return error;
    }

    /** Ends the wait, on an open handle; what it may bring all the same is kept. */
    void cancel() {
        OverlappedOperation wait = zeroByteRead.isInFlight() ? zeroByteRead : bufferedRead;
        if (wait.isInFlight()) {
            Kernel32.CancelIoEx(handle, wait.overlapped.address());
        }
    }

    boolean isOf(OverlappedOperation operation) {
        return operation == zeroByteRead || operation == bufferedRead;
    }

    /**
     * The packet has come.
     *
     * @return 0 if there is something to read, here or in the pipe; {@code ERROR_OPERATION_ABORTED} if the wait has to
     *     go on; else the error
     */
    int ended(OverlappedOperation operation, boolean noticesEmpty) {
        int error = operation.error();
        if (operation == zeroByteRead) {
            return error == Win32Error.MORE_DATA ? Win32Error.SUCCESS : error;
        }
        arrived = bufferedRead.take();
        arrivedInPart = error == Win32Error.MORE_DATA;
        if (arrived == null && error == 0 && noticesEmpty) {
            arrived = Unpooled.EMPTY_BUFFER;
        }
        if (arrived != null) {
            return Win32Error.SUCCESS;
        }
        return error == 0 || error == Win32Error.MORE_DATA ? Win32Error.OPERATION_ABORTED : error;
    }

    /** Whether the wait itself has brought bytes, or an empty message. */
    boolean hasArrived() {
        return arrived != null;
    }

    boolean hasArrivedInPart() {
        return arrivedInPart;
    }

    /** Whether what has arrived should move to a buffer of this size, since more of its message is there. */
    boolean isWorthMoving(int size) {
        return arrivedInPart && wanted() <= IDLE_BYTES && arrived.readableBytes() < size;
    }

    /** How many bytes the last wait with a buffer had room for. */
    int wanted() {
        return bufferedRead.wanted();
    }

    /** Hands over what has arrived; null without. */
    ByteBuf take() {
        ByteBuf bytes = arrived;
        arrived = null;
        arrivedInPart = false;
        return bytes;
    }

    /** Drops what has arrived. */
    void release() {
        if (arrived != null) {
            arrived.release();
            arrived = null;
        }
    }

    /** How many bytes have arrived, also if the packet that tells so is still to come. */
    int bytesAhead() {
        if (arrived != null) {
            return arrived.readableBytes();
        }
        return hasFinishedRead() ? bufferedRead.overlapped.transferred() : 0;
    }

    /** Whether those are the last of their message. */
    boolean aheadEndsMessage() {
        return arrived != null ? !arrivedInPart : hasFinishedRead() && bufferedRead.overlapped.status() == 0;
    }

    private boolean hasFinishedRead() {
        return bufferedRead.isInFlight() && !bufferedRead.overlapped.isPending();
    }

    // ---- busy or idle

    /** Data has been read. */
    void noteRead() {
        readSinceCheck = true;
        if (!busy) {
            busy = true;
            BusyChannels.current().add(this, channel.eventLoop());
        }
    }

    /**
     * Asked about once a second while the channel is busy.
     *
     * @return whether data came since the last time; if not, the channel gives back its buffer
     */
    public boolean isStillBusy() {
        if (channel.isActive() && readSinceCheck) {
            readSinceCheck = false;
            return true;
        }
        busy = false;
        if (channel.isActive() && bufferedRead.isInFlight()) {
            // It may yet bring data, then that counts. Without, the zero-byte read takes its place.
            cancel();
        }
        return false;
    }

    /** Whether the wait holds a buffer for all that may come. */
    public boolean holdsReadBuffer() {
        return bufferedRead.isInFlight() && bufferedRead.wanted() > IDLE_BYTES;
    }
}
