/* Copyright 2026 The Netty IPC Authors. Licensed under the Apache License, Version 2.0; see LICENSE. */
package io.nettyipc.pipe;

import io.netty.channel.socket.DuplexChannelConfig;

/**
 * The configuration of a connected Windows pipe.
 *
 * <p>{@link #isAllowHalfClosure()} is without effect: a byte-mode pipe can't be closed in one direction only, so its end
 * is always the end of both.
 *
 * @see NamedPipeChannelOption
 */
public interface NamedPipeChannelConfig extends DuplexChannelConfig {

    /** See {@link NamedPipeChannelOption#PIPE_ACCESS}. */
    NamedPipeAccess getAccess();

    /** See {@link NamedPipeChannelOption#PIPE_ACCESS}. */
    NamedPipeChannelConfig setAccess(NamedPipeAccess access);

    /** See {@link NamedPipeChannelOption#PIPE_IMPERSONATION}. */
    NamedPipeImpersonation getImpersonation();

    /** See {@link NamedPipeChannelOption#PIPE_IMPERSONATION}. */
    NamedPipeChannelConfig setImpersonation(NamedPipeImpersonation impersonation);
}
