/* Copyright 2026 The Netty IPC Authors. Licensed under the Apache License, Version 2.0; see LICENSE. */
package io.nettyipc.mailslot.windows;

import io.netty.channel.ChannelOption;
import io.netty.channel.DefaultChannelConfig;
import io.netty.util.internal.ObjectUtil;
import io.nettyipc.base.channel.SocketOptions;
import io.nettyipc.mailslot.MailslotChannelConfig;
import io.nettyipc.mailslot.MailslotChannelOption;
import io.nettyipc.pipe.NamedPipeSecurity;
import java.util.Map;

/** The configuration of a {@link WindowsMailslotChannel}. */
final class WindowsMailslotChannelConfig extends DefaultChannelConfig implements MailslotChannelConfig {

    private static final int DEFAULT_MAX_MESSAGE_SIZE = 64 * 1024;

    private volatile int maxMessageSize = DEFAULT_MAX_MESSAGE_SIZE;
    private volatile int readTimeoutMillis = -1;
    private volatile NamedPipeSecurity security = NamedPipeSecurity.CURRENT_USER;

    WindowsMailslotChannelConfig(WindowsMailslotChannel channel) {
        super(channel);
    }

    @Override
    public Map<ChannelOption<?>, Object> getOptions() {
        return getOptions(
                super.getOptions(),
                MailslotChannelOption.MAILSLOT_MAX_MESSAGE_SIZE,
                MailslotChannelOption.MAILSLOT_READ_TIMEOUT_MILLIS,
                MailslotChannelOption.MAILSLOT_SECURITY);
    }

    @SuppressWarnings("unchecked")
    @Override
    public <T> T getOption(ChannelOption<T> option) {
        if (option == MailslotChannelOption.MAILSLOT_MAX_MESSAGE_SIZE) {
            return (T) Integer.valueOf(getMaxMessageSize());
        }
        if (option == MailslotChannelOption.MAILSLOT_READ_TIMEOUT_MILLIS) {
            return (T) Integer.valueOf(getReadTimeoutMillis());
        }
        if (option == MailslotChannelOption.MAILSLOT_SECURITY) {
            return (T) getSecurity();
        }
        return super.getOption(option);
    }

    @Override
    public <T> boolean setOption(ChannelOption<T> option, T value) {
        validate(option, value);
        if (option == MailslotChannelOption.MAILSLOT_MAX_MESSAGE_SIZE) {
            setMaxMessageSize((Integer) value);
        } else if (option == MailslotChannelOption.MAILSLOT_READ_TIMEOUT_MILLIS) {
            setReadTimeoutMillis((Integer) value);
        } else if (option == MailslotChannelOption.MAILSLOT_SECURITY) {
            setSecurity((NamedPipeSecurity) value);
        } else {
            return super.setOption(option, value) || SocketOptions.isMeaningless(option);
        }
        return true;
    }

    @Override
    public int getMaxMessageSize() {
        return maxMessageSize;
    }

    @Override
    public MailslotChannelConfig setMaxMessageSize(int maxMessageSize) {
        this.maxMessageSize = ObjectUtil.checkPositiveOrZero(maxMessageSize, "maxMessageSize");
        return this;
    }

    @Override
    public int getReadTimeoutMillis() {
        return readTimeoutMillis;
    }

    @Override
    public MailslotChannelConfig setReadTimeoutMillis(int readTimeoutMillis) {
        if (readTimeoutMillis != -1) {
            ObjectUtil.checkPositive(readTimeoutMillis, "readTimeoutMillis");
        }
        this.readTimeoutMillis = readTimeoutMillis;
        return this;
    }

    @Override
    public NamedPipeSecurity getSecurity() {
        return security;
    }

    @Override
    public MailslotChannelConfig setSecurity(NamedPipeSecurity security) {
        this.security = ObjectUtil.checkNotNull(security, "security");
        return this;
    }

    @Override
    protected void autoReadCleared() {
        ((WindowsMailslotChannel) channel).clearReadPending();
    }
}
