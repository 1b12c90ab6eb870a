/* Copyright 2026 The Netty IPC Authors. Licensed under the Apache License, Version 2.0; see LICENSE. */
package io.nettyipc.shm;

/** Whom a shared-memory channel connects with, by what the operating system says of the peer's process. */
public enum ShmPeerPolicy {
    /**
     * Only processes of the user that this one runs as. On Windows a server takes the user of the client's token, a
     * client that of the owner of the control connection's pipe. A process that is the overflow user of its Linux user
     * namespace (65534, nobody) connects with nobody: each user outside of the namespace seems to have that id.
     */
    SAME_USER,
    /**
     * Processes of any user who may open the control connection, which the mode of the socket decides. Linux with epoll
     * or io_uring only: elsewhere the memory itself can be opened by its own user only, and the handshake says so.
     */
    ANY_USER
}
