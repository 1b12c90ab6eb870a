/* Copyright 2026 The Netty IPC Authors. Licensed under the Apache License, Version 2.0; see LICENSE. */
package io.nettyipc.pipe;

/**
 * Whether a pipe is a stream of bytes or a sequence of messages, both as its type, which its server chooses for all
 * instances, and as the way in which one end reads.
 *
 * @see NamedPipeChannelOption#PIPE_TYPE
 * @see NamedPipeChannelOption#PIPE_READ_MODE
 * @see <a href="https://learn.microsoft.com/windows/win32/ipc/named-pipe-type-read-and-wait-modes">Named Pipe Type,
 *     Read, and Wait Modes</a>
 */
public enum NamedPipeMode {
    /** A stream of bytes, without boundaries; the default. */
    BYTE,
    /** As a type: each write is one message. As a read mode: each read brings one message, or a part of one. */
    MESSAGE
}
