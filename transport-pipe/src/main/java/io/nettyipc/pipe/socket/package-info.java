/* Copyright 2026 The Netty IPC Authors. Licensed under the Apache License, Version 2.0; see LICENSE. */
/**
 * Internal: what is expected of any channel because sockets have it. Nothing here is meant for use from outside.
 *
 * <p>What may not go in: anything of one operating system or of one transport.
 */
package io.nettyipc.pipe.socket;
