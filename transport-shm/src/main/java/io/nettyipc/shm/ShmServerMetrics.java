/* Copyright 2026 The Netty IPC Authors. Licensed under the Apache License, Version 2.0; see LICENSE. */
package io.nettyipc.shm;

/**
 * What a {@link ShmServerChannel} has done: a snapshot.
 *
 * @param accepted   connections whose handshake has succeeded, ever
 * @param refused    connections that were refused, or failed in the handshake, ever; clients that only looked whether
 *                   the server lives are not counted
 * @param handshakes that are under way now, or wait for that
 * @param memory     bytes of shared memory of the connections and handshakes that there are now, which are limited by
 *                   {@link ShmChannelOption#SHM_MAX_MEMORY}
 */
public record ShmServerMetrics(long accepted, long refused, int handshakes, long memory) {}
