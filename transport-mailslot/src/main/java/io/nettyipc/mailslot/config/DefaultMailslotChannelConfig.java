/* Copyright 2026 The Netty IPC Authors. Licensed under the Apache License, Version 2.0; see LICENSE. */
package io.nettyipc.mailslot.config;

import io.netty.channel.Channel;
import io.netty.util.internal.ObjectUtil;
import io.nettyipc.base.channel.HalfClosureConfig;
import io.nettyipc.base.channel.OptionTable;
import io.nettyipc.mailslot.MailslotChannelConfig;
import io.nettyipc.mailslot.MailslotChannelOption;
import io.nettyipc.pipe.NamedPipeSecurity;

/** The configuration of a mailslot's channel. */
public final class DefaultMailslotChannelConfig extends HalfClosureConfig implements MailslotChannelConfig {

    private volatile int maxMessageSize = 64 * 1024;
    private volatile int readTimeoutMillis = -1;
    private volatile NamedPipeSecurity security = NamedPipeSecurity.CURRENT_USER;

    /** The options of a mailslot beside others that its channel has. */
    public static OptionTable<DefaultMailslotChannelConfig> options(OptionTable<HalfClosureConfig> others) {
        return OptionTable.<DefaultMailslotChannelConfig>of(others)
                .with(
                        MailslotChannelOption.MAILSLOT_MAX_MESSAGE_SIZE,
                        DefaultMailslotChannelConfig::getMaxMessageSize,
                        DefaultMailslotChannelConfig::setMaxMessageSize)
                .with(
                        MailslotChannelOption.MAILSLOT_READ_TIMEOUT_MILLIS,
                        DefaultMailslotChannelConfig::getReadTimeoutMillis,
                        DefaultMailslotChannelConfig::setReadTimeoutMillis)
                .with(
                        MailslotChannelOption.MAILSLOT_SECURITY,
                        DefaultMailslotChannelConfig::getSecurity,
                        DefaultMailslotChannelConfig::setSecurity);
    }

    public DefaultMailslotChannelConfig(Channel channel, OptionTable<DefaultMailslotChannelConfig> options) {
        super(channel, options);
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
        if (readTimeoutMillis < 1 && readTimeoutMillis != -1) {
            throw new IllegalArgumentException(
                    "readTimeoutMillis is " + readTimeoutMillis + " (expected: positive, or -1 for none)");
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
}
