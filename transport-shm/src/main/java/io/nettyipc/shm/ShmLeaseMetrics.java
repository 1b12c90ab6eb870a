/* Copyright 2026 The Netty IPC Authors. Licensed under the Apache License, Version 2.0; see LICENSE. */
package io.nettyipc.shm;

/**
 * What a {@link ShmChannel} does with messages that are not copied: a snapshot.
 *
 * @param sent        messages that were passed to the peer without a copy
 * @param received    messages of the peer's that the pipeline got without a copy
 * @param held        how many of these are not released
 * @param peerHolds   how many of the messages sent the peer has not released
 * @param memoryInUse bytes of the memory for messages to be sent that are allocated, or that the peer holds
 */
public record ShmLeaseMetrics(long sent, long received, int held, int peerHolds, int memoryInUse) {

    static final ShmLeaseMetrics NONE = new ShmLeaseMetrics(0, 0, 0, 0, 0);
}
