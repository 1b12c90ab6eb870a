/* Copyright 2026 The Netty IPC Authors. Licensed under the Apache License, Version 2.0; see LICENSE. */
package io.nettyipc.mailslot;

import io.netty.channel.ChannelConfig;
import io.nettyipc.pipe.NamedPipeSecurity;

/**
 * The configuration of a {@link MailslotChannel}.
 *
 * @see MailslotChannelOption
 */
public interface MailslotChannelConfig extends ChannelConfig {

    /** In bytes; see {@link MailslotChannelOption#MAILSLOT_MAX_MESSAGE_SIZE}. */
    int getMaxMessageSize();

    /** In bytes; see {@link MailslotChannelOption#MAILSLOT_MAX_MESSAGE_SIZE}. */
    MailslotChannelConfig setMaxMessageSize(int maxMessageSize);

    /** In milliseconds; see {@link MailslotChannelOption#MAILSLOT_READ_TIMEOUT_MILLIS}. */
    int getReadTimeoutMillis();

    /** In milliseconds; see {@link MailslotChannelOption#MAILSLOT_READ_TIMEOUT_MILLIS}. */
    MailslotChannelConfig setReadTimeoutMillis(int readTimeoutMillis);

    /** See {@link MailslotChannelOption#MAILSLOT_SECURITY}. */
    NamedPipeSecurity getSecurity();

    /** See {@link MailslotChannelOption#MAILSLOT_SECURITY}. */
    MailslotChannelConfig setSecurity(NamedPipeSecurity security);
}
