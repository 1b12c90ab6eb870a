/* Copyright 2026 The Netty IPC Authors. Licensed under the Apache License, Version 2.0; see LICENSE. */
package io.nettyipc.process;

import io.netty.channel.ChannelOption;

/** Options of channels to child processes. */
public final class ProcessChannelOption<T> extends ChannelOption<T> {

    /** What becomes of the child's standard error, {@link ProcessStderr#INHERIT} by default. Read by {@code connect}. */
    public static final ChannelOption<ProcessStderr> PROCESS_STDERR =
            valueOf(ProcessChannelOption.class, "PROCESS_STDERR");

    /**
     * How many milliseconds a child gets to end by itself, 5000 by default: after the channel has closed, and with it the
     * child's standard input, before it is asked to end; and again after it has been asked, before it is killed. 0 goes to the
     * next step at once. See {@link ProcessChannel}.
     */
    public static final ChannelOption<Integer> PROCESS_EXIT_TIMEOUT_MILLIS =
            valueOf(ProcessChannelOption.class, "PROCESS_EXIT_TIMEOUT_MILLIS");

    @SuppressWarnings("deprecation")
    private ProcessChannelOption() {
        super(null);
    }
}
