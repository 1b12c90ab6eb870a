/* Copyright 2026 The Netty IPC Authors. Licensed under the Apache License, Version 2.0; see LICENSE. */
package io.nettyipc.pipe;

/**
 * A Windows pipe and one end of it at one moment, as {@code GetNamedPipeInfo} and {@code GetNamedPipeHandleState} have
 * it.
 *
 * @param type what the pipe carries
 * @param readMode what this end reads
 * @param serverEnd whether this is the server's end
 * @param inQuota bytes that the client may write before the server reads them
 * @param outQuota bytes that the server may write before the client reads them
 * @param maxInstances how many instances the pipe may have, 255 for no limit
 * @param instances how many it has, connected and waiting
 * @see NamedPipeChannel#info()
 */
public record NamedPipeInfo(
        NamedPipeMode type,
        NamedPipeMode readMode,
        boolean serverEnd,
        int inQuota,
        int outQuota,
        int maxInstances,
        int instances) {}
