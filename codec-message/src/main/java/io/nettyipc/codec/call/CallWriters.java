/* Copyright 2026 The Netty IPC Authors. Licensed under the Apache License, Version 2.0; see LICENSE. */
package io.nettyipc.codec.call;

import io.netty.channel.Channel;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;

/**
 * The calls of a connection that want to know when they may write, and how much other threads have written that the
 * event loop has not seen yet. Used on the event loop, but for {@link #haveRoom} and {@link #submitted}.
 */
final class CallWriters {

    /** What a message costs that another thread hands to the event loop, beside its bytes: the task and the buffer. */
    private static final int OVERHEAD = 96;

    private final AtomicLong submitted = new AtomicLong();
    /** Set when somebody was told to wait until the event loop has seen what is submitted. */
    private volatile boolean crowded;

    private AbstractCall first;

    /** {@return whether the channel takes more than what is submitted} Any thread. */
    boolean haveRoom(Channel channel) {
        if (hasRoom(channel)) {
            return true;
        }
        // Looks again, in case the event loop has looked at the flag in between.
        crowded = true;
        return hasRoom(channel);
    }

    private boolean hasRoom(Channel channel) {
        long bytes = submitted.get();
        return bytes == 0 ? channel.isWritable() : bytes < channel.bytesBeforeUnwritable();
    }

    /** Counts what another thread hands to the event loop. */
    void submitted(int messageLength) {
        submitted.getAndAdd(Frame.cost(messageLength) + OVERHEAD);
    }

    /** The event loop has got it. */
    void taken(Channel channel, int messageLength) {
        int cost = Frame.cost(messageLength) + OVERHEAD;
        long left = submitted.addAndGet(-cost);
        if (crowded) {
            int low = channel.config().getWriteBufferLowWaterMark();
            if (left == 0 || (left < low && left + cost >= low)) {
                crowded = false;
                tell();
            }
        }
    }

    void add(AbstractCall call) {
        call.nextWriter = first;
        if (first != null) {
            first.previousWriter = call;
        }
        first = call;
        call.isWriter = true;
    }

    void remove(AbstractCall call) {
        if (!call.isWriter) {
            return;
        }
        call.isWriter = false;
        if (call.previousWriter == null) {
            first = call.nextWriter;
        } else {
            call.previousWriter.nextWriter = call.nextWriter;
        }
        if (call.nextWriter != null) {
            call.nextWriter.previousWriter = call.previousWriter;
        }
        call.previousWriter = null;
        call.nextWriter = null;
    }

    /** Tells those that may write. */
    void tell() {
        if (first != null) {
            List<AbstractCall> writers = new ArrayList<>();
            for (AbstractCall call = first; call != null; call = call.nextWriter) {
                writers.add(call);
            }
            writers.forEach(AbstractCall::tellWritable);
        }
    }
}
