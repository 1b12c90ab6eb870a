/* Copyright 2026 The Netty IPC Authors. Licensed under the Apache License, Version 2.0; see LICENSE. */
package io.nettyipc.shm;

import io.netty.channel.IoOps;
import io.netty.channel.IoRegistration;

/** A handle's place with a {@link ShmIoHandler}. */
final class RingRegistration implements IoRegistration {

    private final ShmIoHandler handler;
    private final ShmIoHandle handle;
    private volatile boolean valid = true;
    /** Where {@link AwakeRings} keeps it, or -1. */
    int index = -1;
    /** Polls in a row that found nothing. */
    int idlePolls;

    RingRegistration(ShmIoHandler handler, ShmIoHandle handle) {
        this.handler = handler;
        this.handle = handle;
    }

    ShmIoHandle handle() {
        return handle;
    }

    ShmIoHandler handler() {
        return handler;
    }

    /** Has the handle polled from now on, until it sleeps. On the event loop. */
    void wake() {
        if (valid) {
            handler.wake(this);
        }
    }

    /** Has the handle polled for the answer to what was sent, if that is worth while. On the event loop. */
    void expectAnswer() {
        if (valid && index < 0) {
            handler.expectAnswer(this);
        }
    }

    /** Whether the loop does nothing now but wait for what happens in this ring. */
    boolean isWatchedAlone() {
        return index >= 0 && handler.isOneRingWatched();
    }

    @SuppressWarnings({"unchecked", "TypeParameterUnusedInFormals"})
    @Override
    public <T> T attachment() {
        return (T) this;
    }

    @Override
    public long submit(IoOps ops) {
        throw new UnsupportedOperationException();
    }

    @Override
    public boolean isValid() {
        return valid;
    }

    @Override
    public boolean cancel() {
        if (!valid) {
            return false;
        }
        valid = false;
        handler.cancelled(this);
        return true;
    }
}
