/* Copyright 2026 The Netty IPC Authors. Licensed under the Apache License, Version 2.0; see LICENSE. */
package io.nettyipc.pipe;

import io.netty.util.AttributeKey;
import io.nettyipc.base.socket.SocketFileAccess;
import java.nio.file.attribute.PosixFilePermission;
import java.util.Set;

/**
 * Who may connect to a server on Unix: attributes of its channel, for {@link io.netty.bootstrap.ServerBootstrap#attr}.
 * They are for socket paths in a directory that the others can search; the directory of portable names is for its user
 * only. Windows has {@link NamedPipeChannelOption#PIPE_SECURITY} instead and takes no notice of these.
 *
 * <pre>{@code
 * new ServerBootstrap().group(group).channel(NamedPipe.serverChannelType()).childHandler(init)
 *     .attr(NamedPipeSocketFile.PERMISSIONS, PosixFilePermissions.fromString("rw-rw----"))
 *     .attr(NamedPipeSocketFile.GROUP, "www-data")
 *     .bind(NamedPipeAddress.of("/run/app/app.sock"));
 * }</pre>
 *
 * <p>The file is its user's alone when it appears, and has its group and its permissions when the bind succeeds: nobody
 * whom they keep out can connect at any moment. A bind whose file can't be given them fails. For pipes of bytes and
 * messages, shared memory and mailslots.
 */
public final class NamedPipeSocketFile {
    /** The permissions of the file, {@code rw-------} by default; to connect takes the permission to write. */
    public static final AttributeKey<Set<PosixFilePermission>> PERMISSIONS = SocketFileAccess.PERMISSIONS;

    /**
     * The file's group, a name or a number, which the process has to be a member of unless it is privileged; none by
     * default.
     */
    public static final AttributeKey<String> GROUP = SocketFileAccess.GROUP;

    private NamedPipeSocketFile() {}
}
