/* Copyright 2026 The Netty IPC Authors. Licensed under the Apache License, Version 2.0; see LICENSE. */
package io.nettyipc.process.unix;

import io.nettyipc.base.channel.HalfClosureConfig;
import io.nettyipc.base.channel.OptionTable;
import io.nettyipc.base.socket.SocketFileAccess;
import io.nettyipc.process.FifoChannelOption;

/** The configuration of a {@link UnixFifoChannel}. */
final class FifoChannelConfig extends HalfClosureConfig {

    private static final OptionTable<FifoChannelConfig> OPTIONS = OptionTable.<FifoChannelConfig>of(
                    HalfClosureConfig.OPTIONS)
            .with(FifoChannelOption.FIFO_STAY, FifoChannelConfig::isStay, (config, value) -> config.stay = value)
            .with(
                    FifoChannelOption.FIFO_PERMISSIONS,
                    config -> config.access.permissions(),
                    (config, value) -> config.access = new SocketFileAccess(value, config.access.group()))
            .with(
                    FifoChannelOption.FIFO_GROUP,
                    config -> config.access.group(),
                    (config, value) -> config.access = new SocketFileAccess(config.access.permissions(), value));

    private volatile boolean stay = true;
    private volatile SocketFileAccess access = SocketFileAccess.USER_ONLY;

    FifoChannelConfig(UnixFifoChannel channel) {
        super(channel, OPTIONS);
    }

    boolean isStay() {
        return stay;
    }

    SocketFileAccess access() {
        return access;
    }
}
