/* Copyright 2026 The Netty IPC Authors. Licensed under the Apache License, Version 2.0; see LICENSE. */
package io.nettyipc.base.channel;

import io.netty.channel.Channel;
import io.netty.channel.ChannelOption;
import io.netty.channel.DefaultChannelConfig;
import io.netty.channel.RecvByteBufAllocator;
import java.util.Map;

/**
 * A configuration whose options beside those of all channels are in an {@link OptionTable}. {@link SocketOptions} are
 * taken without a word.
 */
public abstract class AbstractIpcChannelConfig extends DefaultChannelConfig {
    private final OptionTable<AbstractIpcChannelConfig> options;

    /** For a channel of data; the table is one of this object's class. */
    protected AbstractIpcChannelConfig(Channel channel, OptionTable<?> options) {
        super(channel);
        this.options = checked(options);
    }

    /** For a channel of its own kind of messages, a server's for example; the table is one of this object's class. */
    protected AbstractIpcChannelConfig(Channel channel, RecvByteBufAllocator allocator, OptionTable<?> options) {
        super(channel, allocator);
        this.options = checked(options);
    }

    @SuppressWarnings("unchecked") // A class passes its own table, or its superclass's.
    private static OptionTable<AbstractIpcChannelConfig> checked(OptionTable<?> options) {
        return (OptionTable<AbstractIpcChannelConfig>) options;
    }

    /** The channel that this is the configuration of. */
    final Channel channel() {
        return channel;
    }

    @Override
    public Map<ChannelOption<?>, Object> getOptions() {
        return getOptions(super.getOptions(), options.options());
    }

    @Override
    public <T> T getOption(ChannelOption<T> option) {
        return options.contains(option) ? options.get(this, option) : super.getOption(option);
    }

    @Override
    public <T> boolean setOption(ChannelOption<T> option, T value) {
        if (!options.contains(option)) {
            return super.setOption(option, value) || SocketOptions.isMeaningless(option);
        }
        validate(option, value);
        options.set(this, option, value);
        return true;
    }

    @Override
    protected final void autoReadCleared() {
        if (channel instanceof AbstractIpcChannel ipcChannel) {
            ipcChannel.clearReadPending();
        } else if (channel instanceof AbstractIpcServerChannel server) {
            server.clearReadPending();
        }
    }
}
