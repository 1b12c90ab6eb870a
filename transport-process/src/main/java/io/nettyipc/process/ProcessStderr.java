/* Copyright 2026 The Netty IPC Authors. Licensed under the Apache License, Version 2.0; see LICENSE. */
package io.nettyipc.process;

import io.netty.channel.ChannelHandler;
import io.netty.util.internal.ObjectUtil;

/**
 * What becomes of a child's standard error. Each way keeps a child that writes much of it from waiting for ever.
 *
 * @see ProcessChannelOption#PROCESS_STDERR
 */
public final class ProcessStderr {

    /** It goes where this process's standard error goes; the default. */
    public static final ProcessStderr INHERIT = new ProcessStderr("INHERIT", null);

    /** It is part of what the channel reads, mixed with standard output as the child writes both. */
    public static final ProcessStderr MERGE = new ProcessStderr("MERGE", null);

    /** It is lost. */
    public static final ProcessStderr DISCARD = new ProcessStderr("DISCARD", null);

    private final String name;
    private final ChannelHandler handler;

    private ProcessStderr(String name, ChannelHandler handler) {
        this.name = name;
        this.handler = handler;
    }

    /**
     * It is read by a channel of its own, on the same event loop, whose {@code parent()} is the {@link ProcessChannel}.
     * It closes at the end of standard error, which may be after the parent has closed. If its handlers don't read, a
     * child that writes much waits. It has its parent's {@code ALLOCATOR} and {@code RECVBUF_ALLOCATOR}.
     *
     * @param handler the first handler of its pipeline: an {@link io.netty.channel.ChannelInitializer} for all, or one
     *     that is sharable or used once
     */
    public static ProcessStderr channel(ChannelHandler handler) {
        return new ProcessStderr("CHANNEL", ObjectUtil.checkNotNull(handler, "handler"));
    }

    /** Returns the handler given to {@link #channel}, or {@code null}. */
    public ChannelHandler handler() {
        return handler;
    }

    @Override
    public String toString() {
        return name;
    }
}
