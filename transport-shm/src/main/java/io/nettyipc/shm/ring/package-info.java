/* Copyright 2026 The Netty IPC Authors. Licensed under the Apache License, Version 2.0; see LICENSE. */
/**
 * Internal: the single-producer single-consumer byte ring in shared memory. Nothing here is meant for use from outside.
 *
 * <p>What may not go in: a system call or anything else that can block, a Netty channel or event loop, a thread, a
 * lock, and any knowledge of where the memory comes from. Nothing is read from the peer's memory but through
 * {@link io.nettyipc.shm.ring.PeerCounter} or as payload, and no length, offset or pointer is ever taken from it.
 * {@link io.nettyipc.shm.ring.RingLayout} explains the memory.
 */
package io.nettyipc.shm.ring;
