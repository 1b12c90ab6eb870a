/* Copyright 2026 The Netty IPC Authors. Licensed under the Apache License, Version 2.0; see LICENSE. */
package io.nettyipc.shm.control;

/**
 * The user of a peer, as the system recorded it when the peer connected.
 *
 * @param id  the same for all connections of a user: a SID, or a Unix user's id or name
 * @param own whether it is this process's user, for certain
 */
public record PeerUser(String id, boolean own) {

    /** All whom the system doesn't tell apart. */
    static final PeerUser UNKNOWN = new PeerUser("", false);
}
