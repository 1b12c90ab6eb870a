/* Copyright 2026 The Netty IPC Authors. Licensed under the Apache License, Version 2.0; see LICENSE. */
package io.nettyipc.process.windows;

import io.netty.channel.Channel;
import io.nettyipc.base.os.Kernel32;
import io.nettyipc.base.os.SecurityAttributes;
import io.nettyipc.base.os.Win32Error;
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

    private final String path = "\\\\.\\pipe\\nettyipc-" + UUID.randomUUID();
    private final boolean toChild;
    private long handle;

    private ProcessPipe(boolean toChild) throws IOException {
        this.toChild = toChild;
        // The child can only read, but who can't read himself isn't told that it has closed its end.
        int direction = toChild ? Kernel32.PIPE_ACCESS_DUPLEX : Kernel32.PIPE_ACCESS_INBOUND;
        try (SecurityAttributes security = SecurityAttributes.ofSddl(SecurityAttributes.ownUserSddl())) {
            handle = Kernel32.CreateNamedPipe(
                    path,
                    direction | Kernel32.FILE_FLAG_OVERLAPPED | Kernel32.FILE_FLAG_FIRST_PIPE_INSTANCE,
                    Kernel32.PIPE_REJECT_REMOTE_CLIENTS,
                    1,
                    QUOTA,
                    QUOTA,
                    security.address());
        }
        if (handle == Kernel32.INVALID_HANDLE_VALUE) {
            throw new IOException(path + ": " + Win32Error.last().describe("CreateNamedPipe"));
        }
    }

    /** A pipe for the child's standard input. */
    static ProcessPipe toChild() throws IOException {
        return new ProcessPipe(true);
    }

    /** A pipe for the child's standard output or error. */
    static ProcessPipe fromChild() throws IOException {
        return new ProcessPipe(false);
    }

    /** Where the child's end is opened. */
    File file() {
        return new File(path);
    }

    /** A channel for our end, which closes it from now on. */
    ChildStream channel(Channel process) {
        ChildStream channel = new ChildStream(process, handle, toChild);
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
