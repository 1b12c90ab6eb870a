/* Copyright 2026 The Netty IPC Authors. Licensed under the Apache License, Version 2.0; see LICENSE. */
package io.nettyipc.pipe;

/**
 * Who the client of a Windows pipe is, by the token that it opened the pipe with.
 *
 * @param name  the account, {@code DOMAIN\name}, or {@code null} if Windows has no name for it
 * @param sid   the security identifier, such as {@code S-1-5-18}: what to compare, since names can change
 * @param level how far the server may use it
 * @see NamedPipeChannel#clientUser()
 */
public record NamedPipeUser(String name, String sid, NamedPipeImpersonation level) {}
