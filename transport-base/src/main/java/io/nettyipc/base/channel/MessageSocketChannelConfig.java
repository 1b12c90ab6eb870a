/* Copyright 2026 The Netty IPC Authors. Licensed under the Apache License, Version 2.0; see LICENSE. */
package io.nettyipc.base.channel;

import io.netty.channel.ChannelOption;
import io.netty.util.internal.ObjectUtil;
import java.util.Map;

/** The configuration of a {@link MessageSocketChannel}: its send buffer limits the length of messages. */
public class MessageSocketChannelConfig extends DescriptorChannelConfig {

    public MessageSocketChannelConfig(MessageSocketChannel channel) {
        super(channel);
    }

    private MessageSocketChannel messageChannel() {
        return (MessageSocketChannel) channel;
    }

    @Override
    public Map<ChannelOption<?>, Object> getOptions() {
        return getOptions(super.getOptions(), ChannelOption.SO_SNDBUF);
    }

    @SuppressWarnings("unchecked")
    @Override
    public <T> T getOption(ChannelOption<T> option) {
        return option == ChannelOption.SO_SNDBUF
                ? (T) Integer.valueOf(messageChannel().sendBuffer())
                : super.getOption(option);
    }

    @Override
    public <T> boolean setOption(ChannelOption<T> option, T value) {
        if (option != ChannelOption.SO_SNDBUF) {
            return super.setOption(option, value);
        }
        validate(option, value);
        messageChannel().setSendBuffer(ObjectUtil.checkPositive((Integer) value, "sendBuffer"));
        return true;
    }
}
