/* Copyright 2026 The Netty IPC Authors. Licensed under the Apache License, Version 2.0; see LICENSE. */
package io.nettyipc.process.unix;

import io.netty.channel.Channel;
import io.netty.util.concurrent.Future;
import io.nettyipc.base.channel.DescriptorChannel;
import io.nettyipc.process.start.ProcessChannelConfig;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;

/** Reads what a child writes, which other processes may write to as well when the child has ended. */
abstract class ProcessOutputChannel extends DescriptorChannel {
    /** How often a pipe is looked at that somebody is reading, or not. */
    private static final int LOOK_AGAIN_MILLIS = 50;

    ProcessOutputChannel(Channel parent) {
        super(parent);
    }

    /** Takes the input for ended some time after the child's end, but not before it is empty. */
    final void endsAfter(Future<Integer> exit, ProcessChannelConfig config) {
        exit.addListener(ended -> {
            int millis = config.drainTimeoutMillis();
            if (millis >= 0 && isOpen()) {
                try {
                    eventLoop().schedule(this::endIfEmpty, millis, TimeUnit.MILLISECONDS);
                } catch (RejectedExecutionException e) {
                    // The loop has ended, and the channel with it.
                    return;
                }
            }
        });
    }

    private void endIfEmpty() {
        if (!isOpen() || isInputShutdown()) {
            return;
        }
        if (!isRegistered() || input().available() > 0) {
            eventLoop().schedule(this::endIfEmpty, LOOK_AGAIN_MILLIS, TimeUnit.MILLISECONDS);
        } else {
            unsafe().inputEnded();
        }
    }
}
