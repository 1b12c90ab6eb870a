/* Copyright 2026 The Netty IPC Authors. Licensed under the Apache License, Version 2.0; see LICENSE. */
package io.nettyipc.shm;

/** The kind of a connection's memory. */
public enum ShmMemory {
    /**
     * Linux with epoll or io_uring at both ends: anonymous memory that nobody can resize, and that only the side that
     * created it can write to.
     */
    SEALED,
    /** Windows: a section of the page file, whose size is fixed and which the peer can open for reading only. */
    SECTION,
    /**
     * Elsewhere, and where one end is over NIO: a temporary file of this user's, which is gone when the handshake is
     * done. The peer could write to this side's and truncate both; a channel that meets that closes.
     */
    FILE
}
