/* Copyright 2026 The Netty IPC Authors. Licensed under the Apache License, Version 2.0; see LICENSE. */
package io.nettyipc.shm;

import io.netty.channel.ChannelPromise;
import io.netty.channel.IoEventLoop;
import io.netty.channel.IoRegistration;
import io.nettyipc.base.loop.EventLoops;
import io.nettyipc.shm.control.ControlTransport;

/**
 * A channel's registration with its event loop, by which the loop looks at the channel's rings. For the channel's event
 * loop.
 */
final class RingWatch {

    private final ShmChannel channel;
    /** Null while the channel is not registered, as is its attachment. */
    private IoRegistration registration;

    private RingRegistration ring;
    /** Of the loop that the channel is registered with, or was. */
    private LoopCounts loopCounts;

    RingWatch(ShmChannel channel) {
        this.channel = channel;
    }

    void register(ShmIoHandle handle, ChannelPromise promise) {
        EventLoops.register(channel, handle, Shm.IO_HANDLER_FACTORY).addListener(future -> {
            if (future.isSuccess()) {
                registration = (IoRegistration) future.getNow();
                ring = registration.attachment();
                loopCounts = ring.handler().counts();
                promise.setSuccess();
            } else {
                promise.setFailure(future.cause());
            }
        });
    }

    void cancel() {
        if (registration != null) {
            registration.cancel();
            registration = null;
            ring = null;
        }
    }

    /** Returns what makes control connections on this event loop. */
    ControlTransport controlTransport() {
        if (ring == null) {
            throw new IllegalStateException(channel + ": the channel is not registered with an event loop");
        }
        return ring.handler().control((IoEventLoop) channel.eventLoop());
    }

    LoopCounts loopCounts() {
        return loopCounts;
    }

    /** What the loop does while its rings are empty. */
    ShmSpinStrategy spinStrategy() {
        return loopCounts.spinStrategy();
    }

    /** Has the rings looked at from now on, until nothing happens there. */
    void wake() {
        if (isActive()) {
            ring.wake();
        }
    }

    /** Has the rings looked at for the answer to what was sent, if that is worth while. */
    void expectAnswer() {
        if (isActive()) {
            ring.expectAnswer();
        }
    }

    /** Whether the loop does nothing now but look at this channel's rings. */
    boolean isWatchedAlone() {
        return isActive() && ring.isWatchedAlone();
    }

    private boolean isActive() {
        return ring != null && channel.isActive();
    }
}
