/* Copyright 2026 The Netty IPC Authors. Licensed under the Apache License, Version 2.0; see LICENSE. */
package io.nettyipc.shm.control;

import com.sun.jna.Platform;
import io.nettyipc.pipe.NamedPipePeer;
import io.nettyipc.pipe.unix.UnixTransport;
import io.nettyipc.pipe.windows.WindowsNamedPipe;
import java.io.IOException;

/** Whether a peer is of this process's user. */
final class Users {

    private Users() {}

    static boolean isOwn(NamedPipePeer peer) throws IOException {
        return Platform.isWindows()
                ? Own.WINDOWS.equalsIgnoreCase(peer.user())
                : peer.userId() != -1 && peer.userId() == UnixTransport.ownUserId();
    }

    private static final class Own {
        static final String WINDOWS;

        static {
            try {
                WINDOWS = WindowsNamedPipe.ownUser();
            } catch (IOException e) {
                throw new ExceptionInInitializerError(e);
            }
        }
    }
}
