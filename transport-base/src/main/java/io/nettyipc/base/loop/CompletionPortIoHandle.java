/* Copyright 2026 The Netty IPC Authors. Licensed under the Apache License, Version 2.0; see LICENSE. */
package io.nettyipc.base.loop;

import io.netty.channel.IoHandle;

/**
 * What registers with a {@link CompletionPortIoHandler}. Its events are its own {@link OverlappedOperation}s as they
 * complete and, for a handle that listens, {@link AcceptSignal.Event}.
 */
public interface CompletionPortIoHandle extends IoHandle {

    /** Without {@code InterruptedException}: closing a handle doesn't wait. */
    @Override
    void close();

    /** Gives the handle its registration as the handler knows it; what the event loop's future brings is a wrapper. */
    default void registered(CompletionPortRegistration registration) {}
}
