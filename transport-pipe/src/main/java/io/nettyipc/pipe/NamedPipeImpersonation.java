/* Copyright 2026 The Netty IPC Authors. Licensed under the Apache License, Version 2.0; see LICENSE. */
package io.nettyipc.pipe;

/**
 * How far the server of a Windows pipe may use its client's identity, as the client decides when it connects.
 *
 * @see NamedPipeChannelOption#PIPE_IMPERSONATION
 * @see <a href="https://learn.microsoft.com/windows/win32/api/winnt/ne-winnt-security_impersonation_level">
 *     SECURITY_IMPERSONATION_LEVEL</a>
 */
public enum NamedPipeImpersonation {
    /** The server learns nothing about the client. */
    ANONYMOUS,
    /** The server may ask who the client is, but not act in its name; the default. */
    IDENTIFICATION,
    /** The server may act in the client's name on this machine. */
    IMPERSONATION,
    /** The server may act in the client's name on other machines too. */
    DELEGATION
}
