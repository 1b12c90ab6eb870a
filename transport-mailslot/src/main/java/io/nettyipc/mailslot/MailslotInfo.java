/* Copyright 2026 The Netty IPC Authors. Licensed under the Apache License, Version 2.0; see LICENSE. */
package io.nettyipc.mailslot;

/**
 * A mailslot's figures at one moment, those of {@code GetMailslotInfo}.
 *
 * @param maxMessageSize    the longest message in bytes, 0 for no limit
 * @param nextMessageSize   the length in bytes of the next unread message, -1 if there is none
 * @param messageCount      how many messages are unread; on Unix, which doesn't tell, 1 means one or more
 * @param readTimeoutMillis the read timeout in milliseconds, -1 for none
 * @see <a href="https://learn.microsoft.com/windows/win32/api/winbase/nf-winbase-getmailslotinfo">GetMailslotInfo</a>
 */
public record MailslotInfo(int maxMessageSize, int nextMessageSize, int messageCount, int readTimeoutMillis) {}
