/* Copyright 2026 The Netty IPC Authors. Licensed under the Apache License, Version 2.0; see LICENSE. */
package io.nettyipc.shm;

import io.netty.channel.Channel;
import io.netty.channel.DefaultChannelPipeline;

/**
 * A pipeline that lets its channel count bytes in the outbound buffer which are not in it. Netty gives this to
 * subclasses of its pipeline only. Handlers learn of a change of writability by a task of the event loop.
 */
final class PendingBytesPipeline extends DefaultChannelPipeline {

    PendingBytesPipeline(Channel channel) {
        super(channel);
    }

    /** Counts bytes towards the high water mark. Does nothing when the channel is closed. */
    void addPending(long bytes) {
        incrementPendingOutboundBytes(bytes);
    }

    /** Counts as many bytes less. */
    void subtractPending(long bytes) {
        decrementPendingOutboundBytes(bytes);
    }
}
