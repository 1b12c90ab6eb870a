/* Copyright 2026 The Netty IPC Authors. Licensed under the Apache License, Version 2.0; see LICENSE. */
package io.nettyipc.process.windows;

import io.netty.channel.Channel;
import io.nettyipc.base.os.Kernel32;
import io.nettyipc.base.os.SecurityAttributes;
import io.nettyipc.base.os.Win32Error;
import io.nettyipc.pipe.NamedPipeAccess;
import io.nettyipc.pipe.NamedPipeAddress;
import io.nettyipc.pipe.NamedPipeMode;
import io.nettyipc.pipe.NamedPipeSecurity;
import io.nettyipc.pipe.windows.WindowsNamedPipeChannel;
import java.io.File;
import java.io.IOException;
import java.util.UUID;

/**
 * One standard stream of a child: a named pipe with a name that nobody can guess. An anonymous pipe's ends are
 * synchronous and can't join a completion port. Ours is overlapped and not inherited; the child's, which
 * {@link ProcessBuilder} opens by its name, is synchronous, as programs expect of a standard stream.
 */
final class ProcessPipe {
    private static final int QUOTA = 64 * 1024;

    /** What goes to the child. The child can only read, but who can't read himself isn't told that it has closed its end. */
    static final NamedPipeAccess TO_CHILD = NamedPipeAccess.DUPLEX;

    static final NamedPipeAccess FROM_CHILD = NamedPipeAccess.INBOUND;

    private final NamedPipeAddress address = NamedPipeAddress.of("nettyipc-" + UUID.randomUUID());
    private final NamedPipeAccess access;
    private long handle;

    /** Creates the pipe, {@link #TO_CHILD} or {@link #FROM_CHILD}. */
    ProcessPipe(NamedPipeAccess access) throws IOException {
        this.access = access;
        int direction = access == FROM_CHILD ? Kernel32.PIPE_ACCESS_INBOUND : Kernel32.PIPE_ACCESS_DUPLEX;
        try (SecurityAttributes security = SecurityAttributes.ofSddl(NamedPipeSecurity.CURRENT_USER.toSddl())) {
            handle = Kernel32.CreateNamedPipe(
                    address.path(),
                    direction | Kernel32.FILE_FLAG_OVERLAPPED | Kernel32.FILE_FLAG_FIRST_PIPE_INSTANCE,
                    Kernel32.PIPE_REJECT_REMOTE_CLIENTS,
                    1,
                    QUOTA,
                    QUOTA,
                    security.address());
        }
        if (handle == Kernel32.INVALID_HANDLE_VALUE) {
            throw new IOException(address.path() + ": " + Win32Error.last().describe("CreateNamedPipe"));
        }
    }

    /** Where the child's end is opened. */
    File file() {
        return new File(address.path());
    }

    /** A channel for our end, which closes it from now on. */
    WindowsNamedPipeChannel channel(Channel parent) {
        WindowsNamedPipeChannel channel =
                new WindowsNamedPipeChannel(parent, handle, address, access, NamedPipeMode.BYTE);
        handle = Kernel32.INVALID_HANDLE_VALUE;
        return channel;
    }

    /** Closes our end unless a channel has it. */
    void close() {
        if (handle != Kernel32.INVALID_HANDLE_VALUE) {
            Kernel32.CloseHandle(handle);
            handle = Kernel32.INVALID_HANDLE_VALUE;
        }
    }
}
