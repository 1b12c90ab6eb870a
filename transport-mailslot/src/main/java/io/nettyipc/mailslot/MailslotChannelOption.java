/* Copyright 2026 The Netty IPC Authors. Licensed under the Apache License, Version 2.0; see LICENSE. */
package io.nettyipc.mailslot;

import io.netty.channel.ChannelOption;
import io.nettyipc.pipe.MessageTooLongException;
import io.nettyipc.pipe.NamedPipeSecurity;

/** Options of mailslots. */
public final class MailslotChannelOption<T> extends ChannelOption<T> {

    /**
     * The longest message in bytes, 65536 by default; 0 for no limit but the system's.
     *
     * <p>Reader: read when it binds. On Windows longer messages fail at their writer. On Unix the writer doesn't know
     * the reader's limit: the reader drops longer messages, and {@code exceptionCaught} gets a
     * {@link MessageTooLongException}. Writer: longer messages fail without being sent.
     */
    public static final ChannelOption<Integer> MAILSLOT_MAX_MESSAGE_SIZE =
            valueOf(MailslotChannelOption.class, "MAILSLOT_MAX_MESSAGE_SIZE");

    /**
     * Reader: after how many milliseconds without a message the pipeline gets a {@link MailslotReadTimeout} as a user
     * event, again and again while it wants to read; -1, the default, for never. Read when the channel binds.
     */
    public static final ChannelOption<Integer> MAILSLOT_READ_TIMEOUT_MILLIS =
            valueOf(MailslotChannelOption.class, "MAILSLOT_READ_TIMEOUT_MILLIS");

    /**
     * Reader: who may write, on Windows; {@link NamedPipeSecurity#CURRENT_USER} by default. On Unix it has no effect:
     * the socket's mode is 0600, in a directory of this user.
     */
    public static final ChannelOption<NamedPipeSecurity> MAILSLOT_SECURITY =
            valueOf(MailslotChannelOption.class, "MAILSLOT_SECURITY");

    @SuppressWarnings("deprecation")
    private MailslotChannelOption() {
        super(null);
    }
}
