/* Copyright 2026 The Netty IPC Authors. Licensed under the Apache License, Version 2.0; see LICENSE. */
/**
 * Internal: memory that two processes share, one writing and one reading. Nothing here is meant for use from outside.
 *
 * <p>What may not go in: what the memory means (that is {@code io.nettyipc.shm.ring}), how its descriptor or name
 * reaches the peer, Netty channels, and waiting of any kind.
 */
package io.nettyipc.shm.segment;
