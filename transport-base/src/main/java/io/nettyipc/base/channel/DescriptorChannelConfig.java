/* Copyright 2026 The Netty IPC Authors. Licensed under the Apache License, Version 2.0; see LICENSE. */
package io.nettyipc.base.channel;

import io.netty.channel.Channel;

/** The configuration of a {@link DescriptorChannel}. */
public class DescriptorChannelConfig extends HalfClosureConfig {

    public DescriptorChannelConfig(Channel channel) {
        super(channel);
    }

    @Override
    protected void autoReadCleared() {
        ((DescriptorChannel) channel).clearReadPending();
    }
}
