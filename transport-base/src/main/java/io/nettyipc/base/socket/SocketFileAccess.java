/* Copyright 2026 The Netty IPC Authors. Licensed under the Apache License, Version 2.0; see LICENSE. */
package io.nettyipc.base.socket;

import io.netty.channel.Channel;
import io.netty.util.AttributeKey;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;

/**
 * Who may use a file that others find a channel by. For a server's socket file chosen by attributes of the channel,
 * since Netty's own channels have options of their own only.
 *
 * @param permissions of the file
 * @param group its name or number, or {@code null} for the process's
 */
public record SocketFileAccess(Set<PosixFilePermission> permissions, String group) {
    public static final AttributeKey<Set<PosixFilePermission>> PERMISSIONS =
            AttributeKey.valueOf(SocketFileAccess.class, "PERMISSIONS");

    public static final AttributeKey<String> GROUP = AttributeKey.valueOf(SocketFileAccess.class, "GROUP");

    public static final SocketFileAccess USER_ONLY =
            new SocketFileAccess(PosixFilePermissions.fromString("rw-------"), null);

    static SocketFileAccess of(Channel server) {
        Set<PosixFilePermission> permissions = server.attr(PERMISSIONS).get();
        return new SocketFileAccess(
                permissions == null ? USER_ONLY.permissions : permissions,
                server.attr(GROUP).get());
    }
}
