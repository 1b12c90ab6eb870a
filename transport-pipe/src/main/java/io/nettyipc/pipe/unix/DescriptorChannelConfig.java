/* Copyright 2026 The Netty IPC Authors. Licensed under the Apache License, Version 2.0; see LICENSE. */
package io.nettyipc.pipe.unix;

import io.netty.channel.Channel;
import io.nettyipc.pipe.socket.HalfClosureConfig;

/** The configuration of a {@link DescriptorChannel}. */
class DescriptorChannelConfig extends HalfClosureConfig {

    DescriptorChannelConfig(Channel channel) {
        super(channel);
    }

    @Override
    protected void autoReadCleared() {
        ((DescriptorChannel) channel).clearReadPending();
    }
}
