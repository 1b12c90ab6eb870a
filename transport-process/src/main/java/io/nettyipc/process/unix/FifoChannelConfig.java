/* Copyright 2026 The Netty IPC Authors. Licensed under the Apache License, Version 2.0; see LICENSE. */
package io.nettyipc.process.unix;

import io.netty.channel.ChannelOption;
import io.nettyipc.base.channel.DescriptorChannelConfig;
import io.nettyipc.process.FifoChannelOption;
import java.util.Map;

/** The configuration of a {@link UnixFifoChannel}. */
final class FifoChannelConfig extends DescriptorChannelConfig {

    private volatile boolean stay = true;

    FifoChannelConfig(UnixFifoChannel channel) {
        super(channel);
    }

    boolean isStay() {
        return stay;
    }

    @Override
    public Map<ChannelOption<?>, Object> getOptions() {
        return getOptions(super.getOptions(), FifoChannelOption.FIFO_STAY);
    }

    @SuppressWarnings("unchecked")
    @Override
    public <T> T getOption(ChannelOption<T> option) {
        return option == FifoChannelOption.FIFO_STAY ? (T) Boolean.valueOf(stay) : super.getOption(option);
    }

    @Override
    public <T> boolean setOption(ChannelOption<T> option, T value) {
        if (option != FifoChannelOption.FIFO_STAY) {
            return super.setOption(option, value);
        }
        validate(option, value);
        stay = (Boolean) value;
        return true;
    }
}
