/* Copyright 2026 The Netty IPC Authors. Licensed under the Apache License, Version 2.0; see LICENSE. */
package io.nettyipc.base.overlapped;

import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelPromise;
import io.netty.channel.IoRegistration;
import io.nettyipc.base.loop.OverlappedOperation;
import io.nettyipc.base.loop.WriteOperation;

/**
 * A channel's registration with its event loop, and how many of its operations' packets are to come. A registration
 * ends with the last of them: an operation belongs to the registration that it was submitted to.
 */
final class OperationsInFlight {

    private final Channel channel;
    private IoRegistration registration;
    private int count;
    /** Whether the registration ends with the last packet. */
    private boolean draining;
    /** Done when that has come; there while somebody waits for it. */
    private ChannelPromise drained;

    OperationsInFlight(Channel channel) {
        this.channel = channel;
    }

    void registered(IoRegistration registration) {
        this.registration = registration;
    }

    boolean canSubmit() {
        return registration != null && !draining;
    }

    boolean isNone() {
        return count == 0;
    }

    /**
     * Starts an operation.
     *
     * @return 0 if it is under way; for a write 0 if it is done and {@code ERROR_IO_PENDING} if it is under way; else
     *     the error
     */
    int submit(OverlappedOperation operation) {
        int error = (int) registration.submit(operation);
        if (operation.isInFlight()) {
            count++;
            return operation instanceof WriteOperation ? error : 0;
        }
        return error;
    }

    void packetArrived() {
        count--;
    }

    /** Ends the registration, at once or, as {@link #isDraining} tells, with the last packet. */
    void deregister() {
        if (registration == null) {
            return;
        }
        draining = true;
        endIfDrained();
    }

    boolean isDraining() {
        return draining;
    }

    /** Called once a packet is dealt with. */
    void endIfDrained() {
        if (!draining || count > 0) {
            return;
        }
        draining = false;
        IoRegistration registration = this.registration;
        this.registration = null;
        registration.cancel();
        ChannelPromise drained = this.drained;
        if (drained != null) {
            this.drained = null;
            drained.setSuccess();
        }
    }

    /** Done when the registration has ended; to be asked while it {@linkplain #isDraining drains}. */
    ChannelFuture drained() {
        if (drained == null) {
            drained = channel.newPromise();
        }
        return drained;
    }
}
