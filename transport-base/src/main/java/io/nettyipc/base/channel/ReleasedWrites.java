/* Copyright 2026 The Netty IPC Authors. Licensed under the Apache License, Version 2.0; see LICENSE. */
package io.nettyipc.base.channel;

import io.netty.channel.ChannelOutboundBuffer;
import io.netty.util.IllegalReferenceCountException;
import io.netty.util.ReferenceCounted;

/**
 * Messages that their writer released although the outbound buffer owned them. Their bytes are gone. Each fails alone:
 * the messages before and behind it belong to others as a rule. But nothing can be sent behind one of which a part was
 * sent: the peer would take that for the rest.
 */
public final class ReleasedWrites {

    private ReleasedWrites() {}

    /**
     * Takes off what was cancelled, fails what was released; returns the first flushed message that is neither, or
     * null.
     *
     * @throws IllegalReferenceCountException if a part of a released message was sent
     */
    public static Object current(ChannelOutboundBuffer in) {
        Object msg = CancelledWrites.current(in);
        while (isReleased(msg)) {
            fail(in, new IllegalReferenceCountException("the message was released before it was written"));
            msg = CancelledWrites.current(in);
        }
        return msg;
    }

    /**
     * Fails the first flushed message, whose writing showed that it was released.
     *
     * @throws IllegalReferenceCountException the cause, if a part of the message was sent
     */
    public static void fail(ChannelOutboundBuffer in, IllegalReferenceCountException cause) {
        if (in.currentProgress() != 0) {
            throw cause;
        }
        in.remove(cause);
    }

    public static boolean isReleased(Object msg) {
        return msg instanceof ReferenceCounted counted && counted.refCnt() == 0;
    }
}
