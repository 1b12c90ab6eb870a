/* Copyright 2026 The Netty IPC Authors. Licensed under the Apache License, Version 2.0; see LICENSE. */
package io.nettyipc.process.stdio;

import io.netty.channel.Channel;
import io.nettyipc.base.channel.HalfClosureConfig;
import io.nettyipc.base.channel.OptionTable;
import io.nettyipc.process.StdioChannelOption;

/** The configuration of the channel of standard input and output. */
public final class StdioChannelConfig extends HalfClosureConfig {

    private static final OptionTable<StdioChannelConfig> OPTIONS = OptionTable.<StdioChannelConfig>of(
                    HalfClosureConfig.OPTIONS)
            .with(
                    StdioChannelOption.STDIO_END_TIMEOUT_MILLIS,
                    StdioChannelConfig::endTimeoutMillis,
                    StdioChannelConfig::setEndTimeoutMillis);

    private volatile int endTimeoutMillis = 5000;
    private volatile boolean halfClosureChosen;

    public StdioChannelConfig(Channel channel) {
        super(channel, OPTIONS);
        super.setAllowHalfClosure(true);
    }

    /** Whoever chooses it also closes the channel. */
    @Override
    public HalfClosureConfig setAllowHalfClosure(boolean allowHalfClosure) {
        halfClosureChosen = true;
        return super.setAllowHalfClosure(allowHalfClosure);
    }

    /** See {@link StdioChannelOption#STDIO_END_TIMEOUT_MILLIS}; -1 also where the application closes the channel. */
    int endAfterMillis() {
        return halfClosureChosen ? -1 : endTimeoutMillis;
    }

    private int endTimeoutMillis() {
        return endTimeoutMillis;
    }

    private void setEndTimeoutMillis(int endTimeoutMillis) {
        if (endTimeoutMillis < -1) {
            throw new IllegalArgumentException(
                    "endTimeoutMillis: " + endTimeoutMillis + " (expected: milliseconds, or -1 for no limit)");
        }
        this.endTimeoutMillis = endTimeoutMillis;
    }
}
