/* Copyright 2026 The Netty IPC Authors. Licensed under the Apache License, Version 2.0; see LICENSE. */
package io.nettyipc.pipe;

/**
 * What is in a pipe to be read.
 *
 * @param bytes         all bytes
 * @param leftInMessage the bytes of the next message, or what is left of the one that is being read; 0 on a byte-mode
 *                      pipe
 * @see NamedPipeChannel#available()
 */
public record NamedPipeAvailable(int bytes, int leftInMessage) {}
