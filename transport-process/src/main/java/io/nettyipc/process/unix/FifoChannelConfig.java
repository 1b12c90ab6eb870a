/* Copyright 2026 The Netty IPC Authors. Licensed under the Apache License, Version 2.0; see LICENSE. */
package io.nettyipc.process.unix;

import io.nettyipc.base.channel.HalfClosureConfig;
import io.nettyipc.base.channel.OptionTable;
import io.nettyipc.process.FifoChannelOption;

/** The configuration of a {@link UnixFifoChannel}. */
final class FifoChannelConfig extends HalfClosureConfig {

    private static final OptionTable<FifoChannelConfig> OPTIONS = OptionTable.<FifoChannelConfig>of(
                    HalfClosureConfig.OPTIONS)
            .with(FifoChannelOption.FIFO_STAY, FifoChannelConfig::isStay, (config, value) -> config.stay = value);

    private volatile boolean stay = true;

    FifoChannelConfig(UnixFifoChannel channel) {
        super(channel, OPTIONS);
    }

    boolean isStay() {
        return stay;
    }
}
