/* Copyright 2026 The Netty IPC Authors. Licensed under the Apache License, Version 2.0; see LICENSE. */
/**
 * Shared memory as a Netty transport: its addresses, channels, options and event loops.
 *
 * <p>{@link io.nettyipc.shm.Shm} has the event loop's handler and the channel types, {@link io.nettyipc.shm.ShmAddress}
 * the address, {@link io.nettyipc.shm.ShmChannelOption} what can be set; {@link io.nettyipc.shm.ShmChannel#terms()}
 * tells what a connection got.
 */
package io.nettyipc.shm;
