/* Copyright 2026 The Netty IPC Authors. Licensed under the Apache License, Version 2.0; see LICENSE. */
package io.nettyipc.base.loop;

import io.netty.channel.IoEvent;
import io.netty.channel.IoOps;
import io.netty.channel.IoRegistration;
import io.netty.util.internal.logging.InternalLogger;
import io.netty.util.internal.logging.InternalLoggerFactory;

/** A handle on its event loop. Used on that loop's thread only. */
public final class CompletionPortRegistration implements IoRegistration {

    private static final InternalLogger logger = InternalLoggerFactory.getInstance(CompletionPortRegistration.class);

    private final CompletionPortIoHandler handler;
    private final CompletionPortIoHandle handle;
    private boolean cancelled;

    CompletionPortRegistration(CompletionPortIoHandler handler, CompletionPortIoHandle handle) {
        this.handler = handler;
        this.handle = handle;
    }

    @SuppressWarnings({"unchecked", "TypeParameterUnusedInFormals"}) // the interface has it so
    @Override
    public <T> T attachment() {
        return (T) handler;
    }

    /**
     * Starts an {@link OverlappedOperation}.
     *
     * @return what {@link OverlappedOperation#start} returned
     */
    @Override
    public long submit(IoOps ops) {
        if (cancelled) {
            throw new IllegalStateException("the registration is cancelled");
        }
        return handler.start((OverlappedOperation) ops, this);
    }

    @Override
    public boolean isValid() {
        return !cancelled;
    }

    /** Ends the registration; a channel calls it once nothing of its own is in flight any more. */
    @Override
    public boolean cancel() {
        if (cancelled) {
            return false;
        }
        cancelled = true;
        handler.remove(this);
        handle.unregistered();
        return true;
    }

    void dispatch(IoEvent event) {
        handle.handle(this, event);
    }

    void registered() {
        handle.registered(this);
    }

    /** A handle's fault ends that handle, not the loop that others live on. */
    void failed(Throwable cause) {
        logger.warn("{}: an unexpected exception in the event loop closes it.", handle, cause);
        tryClose();
    }

    void tryClose() {
        try {
            handle.close();
        } catch (Throwable t) {
            logger.warn("{}: an unexpected exception while it was closed.", handle, t);
        }
    }
}
