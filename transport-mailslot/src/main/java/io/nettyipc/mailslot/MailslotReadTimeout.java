/* Copyright 2026 The Netty IPC Authors. Licensed under the Apache License, Version 2.0; see LICENSE. */
package io.nettyipc.mailslot;

/**
 * The user event of a mailslot's reader to which no message has come for as long as
 * {@link MailslotChannelOption#MAILSLOT_READ_TIMEOUT_MILLIS} says. The channel stays open.
 */
public enum MailslotReadTimeout {
    /** The only instance: it says nothing more. */
    INSTANCE
}
