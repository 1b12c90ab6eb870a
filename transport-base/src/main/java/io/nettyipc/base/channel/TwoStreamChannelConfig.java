/* Copyright 2026 The Netty IPC Authors. Licensed under the Apache License, Version 2.0; see LICENSE. */
package io.nettyipc.base.channel;

/** The configuration of a {@link TwoStreamChannel}. */
public class TwoStreamChannelConfig extends HalfClosureConfig {

    public TwoStreamChannelConfig(TwoStreamChannel channel) {
        super(channel);
    }

    @Override
    protected final void autoReadCleared() {
        ((TwoStreamChannel) channel).clearReadPending();
    }
}
