/* Copyright 2026 The Netty IPC Authors. Licensed under the Apache License, Version 2.0; see LICENSE. */
package io.nettyipc.pipe.windows;

import io.netty.channel.ChannelOption;
import io.netty.channel.DefaultChannelConfig;
import io.nettyipc.pipe.socket.SocketOptions;
import java.util.Map;

/** The configuration of a {@link TwoStreamChannel}. */
class TwoStreamChannelConfig extends DefaultChannelConfig {

    private volatile boolean allowHalfClosure;

    TwoStreamChannelConfig(TwoStreamChannel channel) {
        super(channel);
    }

    final boolean isAllowHalfClosure() {
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

    @Override
    protected final void autoReadCleared() {
        ((TwoStreamChannel) channel).clearReadPending();
    }
}
