/* Copyright 2026 The Netty IPC Authors. Licensed under the Apache License, Version 2.0; see LICENSE. */
package io.nettyipc.base.channel;

import io.netty.channel.ChannelOutboundBuffer;
import io.netty.util.IllegalReferenceCountException;
import io.netty.util.ReferenceCounted;

/**
 * Messages that their writer released although the outbound buffer owned them. Their bytes are gone. Each fails alone: the
 * messages before and behind it belong to others as a rule.
 */
public final class ReleasedWrites {

    private ReleasedWrites() {}

    /** Takes off what was cancelled, fails what was released; returns the first flushed message that is neither, or null. */
    public static Object current(ChannelOutboundBuffer in) {
        Object msg = CancelledWrites.current(in);
        while (isReleased(msg)) {
            in.remove(new IllegalReferenceCountException("the message was released before it was written"));
            msg = CancelledWrites.current(in);
        }
        return msg;
    }

    public static boolean isReleased(Object msg) {
        return msg instanceof ReferenceCounted counted && counted.refCnt() == 0;
    }
}
