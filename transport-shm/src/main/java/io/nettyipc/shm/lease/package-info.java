/* Copyright 2026 The Netty IPC Authors. Licensed under the Apache License, Version 2.0; see LICENSE. */
/**
 * Internal: messages that pass between processes without a copy. A message's bytes stay in its sender's memory, and the
 * receiver holds a lease of them until it releases its buffer. Nothing here is meant for use from outside.
 *
 * <p>What may not go in: Netty channels, the handshake, and how memory is shared.
 */
package io.nettyipc.shm.lease;
