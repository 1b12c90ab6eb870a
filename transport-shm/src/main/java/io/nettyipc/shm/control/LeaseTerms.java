/* Copyright 2026 The Netty IPC Authors. Licensed under the Apache License, Version 2.0; see LICENSE. */
package io.nettyipc.shm.control;

/**
 * What one side of a connection brings to the handshake for messages that are leased. The connection gets memory for a
 * direction only if its sender offers some and its receiver would take some: the smaller of the two.
 *
 * @param sendBytes    of memory for the messages that it sends; 0 for none
 * @param receiveBytes of the peer's memory that it would map; 0 for none
 * @param maxLeases    how many of the peer's messages it would hold at a time
 */
public record LeaseTerms(int sendBytes, int receiveBytes, int maxLeases) {

    /** All messages are copied. */
    public static final LeaseTerms NONE = new LeaseTerms(0, 0, 0);

    boolean isOffer() {
        return sendBytes > 0 || receiveBytes > 0;
    }
}
