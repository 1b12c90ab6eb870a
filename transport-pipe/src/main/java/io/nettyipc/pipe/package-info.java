/* Copyright 2026 The Netty IPC Authors. Licensed under the Apache License, Version 2.0; see LICENSE. */
/**
 * Windows named pipes as Netty channels, and Unix domain sockets behind the same API elsewhere.
 *
 * <p>{@link io.nettyipc.pipe.NamedPipe} has the event loop's handler and the channel types,
 * {@link io.nettyipc.pipe.NamedPipeAddress} the address, {@link io.nettyipc.pipe.NamedPipeChannelOption} what can be
 * set.
 */
package io.nettyipc.pipe;
