/* Copyright 2026 The Netty IPC Authors. Licensed under the Apache License, Version 2.0; see LICENSE. */
package io.nettyipc.process.stdio;

import io.netty.channel.Channel;
import io.netty.channel.ChannelOutboundBuffer;
import java.util.concurrent.TimeUnit;

/**
 * Closes a channel whose input has ended when nothing has been written for a while and nothing is left to be taken:
 * replies may still be computed then, but a program whose handlers know nothing of half-closure has to end too. To be
 * used on the channel's event loop.
 */
public final class StdioEnd {
    private final Channel channel;
    private final StdioChannelConfig config;
    private boolean writing;

    public StdioEnd(Channel channel, StdioChannelConfig config) {
        this.channel = channel;
        this.config = config;
    }

    /** Something is being written. */
    public void writes() {
        writing = true;
    }

    /** The input has ended, and the channel is open. */
    public void inputEnded() {
        int millis = config.endAfterMillis();
        if (millis >= 0) {
            writing = false;
            channel.eventLoop().schedule(this::look, millis, TimeUnit.MILLISECONDS);
        }
    }

    private void look() {
        ChannelOutboundBuffer output = channel.unsafe().outboundBuffer();
        if (!channel.isOpen() || output == null) {
            return;
        }
        if (writing || !output.isEmpty() || output.totalPendingWriteBytes() > 0) {
            inputEnded();
        } else {
            channel.close();
        }
    }
}
