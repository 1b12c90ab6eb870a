/* Copyright 2026 The Netty IPC Authors. Licensed under the Apache License, Version 2.0; see LICENSE. */
package io.nettyipc.shm;

/**
 * A user event of a {@link ShmChannel}: messages that could pass without a copy are copied, until there is more of what
 * has run out. Nothing is lost, and no message waits for it. It comes once for each time.
 */
public enum ShmLeasesExhaustedEvent {

    /**
     * {@link ShmChannel#sharedAllocator()} has no room for a buffer, and has taken it elsewhere: too many are not
     * written, or the peer holds them. {@link ShmChannelOption#SHM_LEASE_SEND_MEMORY} sets how much there is.
     */
    MEMORY,

    /** The peer holds as many of this side's messages as its {@link ShmChannelOption#SHM_MAX_LEASES} allows. */
    PEER_HOLDS_ALL,

    /**
     * This side holds as many of the peer's messages as {@link ShmChannelOption#SHM_MAX_LEASES} allows: release some.
     */
    HOLDS_ALL
}
