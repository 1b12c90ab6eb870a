/* Copyright 2026 The Netty IPC Authors. Licensed under the Apache License, Version 2.0; see LICENSE. */
package io.nettyipc.process.unix;

import io.netty.channel.Channel;
import io.netty.util.concurrent.Future;
import io.nettyipc.base.channel.DescriptorChannel;
import io.nettyipc.process.start.KeptOutput;
import io.nettyipc.process.start.ProcessChannelConfig;

/** Reads what a child writes, which other processes may write to as well when the child has ended. */
abstract class ProcessOutputChannel extends DescriptorChannel {

    ProcessOutputChannel(Channel parent) {
        super(parent);
    }

    /** See {@link KeptOutput}. */
    final void endsAfter(Future<Integer> exit, ProcessChannelConfig config) {
        KeptOutput.endAfter(exit, config, this, this::isEmpty, this::endInput);
    }

    private boolean isEmpty() {
        return isInputShutdown() || input().available() <= 0;
    }

    private void endInput() {
        if (!isInputShutdown()) {
            unsafe().inputEnded();
        }
    }
}
