/* Copyright 2026 The Netty IPC Authors. Licensed under the Apache License, Version 2.0; see LICENSE. */
package io.nettyipc.base.channel;

import io.netty.channel.Channel;
import io.netty.channel.ChannelOption;
import io.netty.channel.DefaultChannelConfig;
import java.util.Map;

/** The configuration of a channel whose input may end alone, and which takes {@link SocketOptions} without a word. */
public class HalfClosureConfig extends DefaultChannelConfig {

    private volatile boolean allowHalfClosure;

    /** For the classes of channels. */
    protected HalfClosureConfig(Channel channel) {
        super(channel);
    }

    /** See {@link ChannelOption#ALLOW_HALF_CLOSURE}. */
    public final boolean isAllowHalfClosure() {
        return allowHalfClosure;
    }

    @Override
    public Map<ChannelOption<?>, Object> getOptions() {
        return getOptions(super.getOptions(), ChannelOption.ALLOW_HALF_CLOSURE);
    }

    @SuppressWarnings("unchecked")
    @Override
    public <T> T getOption(ChannelOption<T> option) {
        return option == ChannelOption.ALLOW_HALF_CLOSURE
                ? (T) Boolean.valueOf(allowHalfClosure)
                : super.getOption(option);
    }

    @Override
    public <T> boolean setOption(ChannelOption<T> option, T value) {
        if (option != ChannelOption.ALLOW_HALF_CLOSURE) {
            return super.setOption(option, value) || SocketOptions.isMeaningless(option);
        }
        validate(option, value);
        allowHalfClosure = (Boolean) value;
        return true;
    }
}
