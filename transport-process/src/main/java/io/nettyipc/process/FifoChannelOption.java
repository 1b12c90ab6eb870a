/* Copyright 2026 The Netty IPC Authors. Licensed under the Apache License, Version 2.0; see LICENSE. */
package io.nettyipc.process;

import io.netty.channel.ChannelOption;

/** Options of FIFOs. */
public final class FifoChannelOption<T> extends ChannelOption<T> {

    /**
     * Reader: whether it outlives its writers, true by default: writers come and go, and the channel stays. With false
     * it ends, or shuts its input down with {@link ChannelOption#ALLOW_HALF_CLOSURE}, when the last writer has closed;
     * it waits for the first one. Read when the channel binds.
     */
    public static final ChannelOption<Boolean> FIFO_STAY = valueOf(FifoChannelOption.class, "FIFO_STAY");

    @SuppressWarnings("deprecation")
    private FifoChannelOption() {
        super(null);
    }
}
