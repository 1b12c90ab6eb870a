/* Copyright 2026 The Netty IPC Authors. Licensed under the Apache License, Version 2.0; see LICENSE. */
package io.nettyipc.shm.control;

/**
 * What one side of a connection brings to the handshake.
 *
 * @param sendCapacity    bytes of the ring it wants to write to; the connection gets the smaller of this and what the
 *                        other side is ready to receive
 * @param receiveCapacity bytes of the largest ring it is ready to read from
 * @param eventFd         whether it would use eventfds as doorbells if it can
 * @param sameUserOnly    whether it refuses peers of other users
 * @param sealedOnly      whether it refuses memory that the peer could change or truncate
 * @param leases          what it would have of memory for messages that are not copied
 */
public record HandshakeTerms(
        int sendCapacity,
        int receiveCapacity,
        boolean eventFd,
        boolean sameUserOnly,
        boolean sealedOnly,
        LeaseTerms leases) {}
