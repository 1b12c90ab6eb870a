/* Copyright 2026 The Netty IPC Authors. Licensed under the Apache License, Version 2.0; see LICENSE. */
package io.nettyipc.pipe;

import io.netty.channel.socket.DuplexChannelConfig;

/**
 * The configuration of a connected Windows pipe.
 *
 * <p>{@link #isAllowHalfClosure()} has an effect with {@link NamedPipeChannelOption#PIPE_HALF_CLOSE} only. A pipe itself can't be
 * closed in one direction, so its end is always the end of both.
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

    /** See {@link NamedPipeChannelOption#PIPE_READ_MODE}. */
    NamedPipeMode getReadMode();

    /** See {@link NamedPipeChannelOption#PIPE_READ_MODE}. */
    NamedPipeChannelConfig setReadMode(NamedPipeMode readMode);

    /** See {@link NamedPipeChannelOption#PIPE_HALF_CLOSE}. */
    boolean isHalfClose();

    /** See {@link NamedPipeChannelOption#PIPE_HALF_CLOSE}. */
    NamedPipeChannelConfig setHalfClose(boolean halfClose);
}
