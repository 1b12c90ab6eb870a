/* Copyright 2026 The Netty IPC Authors. Licensed under the Apache License, Version 2.0; see LICENSE. */
package io.nettyipc.process;

import io.netty.channel.ChannelOption;

/** Options of the channel of standard input and output. */
public final class StdioChannelOption<T> extends ChannelOption<T> {

    /**
     * How many milliseconds the channel waits for another reply when its input has ended, 5000 by default; -1 for no
     * limit. It closes when nothing has been written for as long, and what was written has been taken. Without effect
     * where {@link ChannelOption#ALLOW_HALF_CLOSURE} was set: true leaves the end to the application, false closes the
     * channel with its input.
     */
    public static final ChannelOption<Integer> STDIO_END_TIMEOUT_MILLIS =
            valueOf(StdioChannelOption.class, "STDIO_END_TIMEOUT_MILLIS");

    @SuppressWarnings("deprecation")
    private StdioChannelOption() {
        super(null);
    }
}
