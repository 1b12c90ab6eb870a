/* Copyright 2026 The Netty IPC Authors. Licensed under the Apache License, Version 2.0; see LICENSE. */
package io.nettyipc.base.loop;

import io.netty.channel.IoEvent;
import io.netty.channel.IoOps;
import io.nettyipc.base.os.Overlapped;

/**
 * One kind of operation of one channel, submitted through its registration and handed back to its handle, as the event,
 * when its completion packet arrives.
 *
 * <p>Between the two the event loop's {@link CompletionPortIoHandler} holds it, and with it everything the kernel may
 * touch, whatever becomes of the channel: the record, not the channel, owns the memory of an operation in flight.
 */
public abstract class OverlappedOperation implements IoOps, IoEvent {

    /** Set while the kernel owns {@link #overlapped}: from a successful start to the packet. */
    public Overlapped overlapped;

    CompletionPortRegistration registration;

    private int error;
    private int transferred;

    /**
     * Calls the Win32 function.
     *
     * @return 0 (done; a packet follows all the same), {@code ERROR_IO_PENDING} or {@code ERROR_MORE_DATA} (a packet
     *     follows), or the code of a failure, which no packet follows
     */
    protected abstract int start(long overlappedAddress);

    public final boolean isInFlight() {
        return overlapped != null;
    }

    protected final void completed(int error, int transferred) {
        this.error = error;
        this.transferred = transferred;
    }

    /** The Win32 error code of the finished operation, 0 for success. */
    public final int error() {
        return error;
    }

    /** Bytes that the finished operation moved. */
    protected final int transferred() {
        return transferred;
    }
}
