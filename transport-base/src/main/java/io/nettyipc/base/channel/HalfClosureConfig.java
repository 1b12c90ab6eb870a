/* Copyright 2026 The Netty IPC Authors. Licensed under the Apache License, Version 2.0; see LICENSE. */
package io.nettyipc.base.channel;

import io.netty.channel.Channel;
import io.netty.channel.ChannelOption;

/** The configuration of a channel whose input may end alone. */
public class HalfClosureConfig extends AbstractIpcChannelConfig {

    /** For the tables of subclasses. */
    public static final OptionTable<HalfClosureConfig> OPTIONS = OptionTable.<HalfClosureConfig>empty()
            .with(
                    ChannelOption.ALLOW_HALF_CLOSURE,
                    HalfClosureConfig::isAllowHalfClosure,
                    HalfClosureConfig::setAllowHalfClosure);

    private volatile boolean allowHalfClosure;

    /** With no other options. */
    public HalfClosureConfig(Channel channel) {
        this(channel, OPTIONS);
    }

    /** With the options of a subclass, or of the channel. */
    public HalfClosureConfig(Channel channel, OptionTable<?> options) {
        super(channel, options);
    }

    /** See {@link ChannelOption#ALLOW_HALF_CLOSURE}. */
    public boolean isAllowHalfClosure() {
        return allowHalfClosure;
    }

    /** See {@link ChannelOption#ALLOW_HALF_CLOSURE}. */
    public HalfClosureConfig setAllowHalfClosure(boolean allowHalfClosure) {
        this.allowHalfClosure = allowHalfClosure;
        return this;
    }
}
