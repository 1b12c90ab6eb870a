/* Copyright 2026 The Netty IPC Authors. Licensed under the Apache License, Version 2.0; see LICENSE. */
/**
 * Shared memory as a Netty transport: its addresses, channels, options and event loops.
 *
 * <p>What may not go in: the ring's memory and its rules ({@code ring}), where memory comes from ({@code segment}), and
 * how two processes find each other ({@code control}).
 */
package io.nettyipc.shm;
