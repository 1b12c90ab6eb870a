/* Copyright 2026 The Netty IPC Authors. Licensed under the Apache License, Version 2.0; see LICENSE. */
package io.nettyipc.pipe.unix;

import io.netty.channel.Channel;
import io.netty.channel.ChannelOption;
import io.netty.channel.DefaultChannelConfig;
import io.nettyipc.pipe.socket.SocketOptions;
import java.util.Map;

/** The configuration of a {@link DescriptorChannel}. */
class DescriptorChannelConfig extends DefaultChannelConfig {

    private volatile boolean allowHalfClosure;

    DescriptorChannelConfig(Channel channel) {
        super(channel);
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

    boolean isAllowHalfClosure() {
        return allowHalfClosure;
    }

    @Override
    protected void autoReadCleared() {
        ((DescriptorChannel) channel).clearReadPending();
    }
}
