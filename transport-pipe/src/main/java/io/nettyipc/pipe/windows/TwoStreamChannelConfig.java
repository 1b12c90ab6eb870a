/* Copyright 2026 The Netty IPC Authors. Licensed under the Apache License, Version 2.0; see LICENSE. */
package io.nettyipc.pipe.windows;

import io.nettyipc.pipe.socket.HalfClosureConfig;

/** The configuration of a {@link TwoStreamChannel}. */
class TwoStreamChannelConfig extends HalfClosureConfig {

    TwoStreamChannelConfig(TwoStreamChannel channel) {
        super(channel);
    }

    @Override
    protected final void autoReadCleared() {
        ((TwoStreamChannel) channel).clearReadPending();
    }
}
