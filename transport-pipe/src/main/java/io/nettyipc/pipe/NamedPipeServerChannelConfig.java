/* Copyright 2026 The Netty IPC Authors. Licensed under the Apache License, Version 2.0; see LICENSE. */
package io.nettyipc.pipe;

import io.netty.channel.ChannelConfig;

/**
 * The configuration of a Windows pipe's server. What is set after the bind is without effect.
 *
 * @see NamedPipeChannelOption
 */
public interface NamedPipeServerChannelConfig extends ChannelConfig {

    /** See {@link NamedPipeChannelOption#PIPE_PENDING_INSTANCES}. */
    int getPendingInstances();

    /** See {@link NamedPipeChannelOption#PIPE_PENDING_INSTANCES}. */
    NamedPipeServerChannelConfig setPendingInstances(int pendingInstances);

    /** See {@link NamedPipeChannelOption#PIPE_MAX_INSTANCES}. */
    int getMaxInstances();

    /** See {@link NamedPipeChannelOption#PIPE_MAX_INSTANCES}. */
    NamedPipeServerChannelConfig setMaxInstances(int maxInstances);

    /** In bytes; see {@link NamedPipeChannelOption#PIPE_IN_QUOTA}. */
    int getInQuota();

    /** In bytes; see {@link NamedPipeChannelOption#PIPE_IN_QUOTA}. */
    NamedPipeServerChannelConfig setInQuota(int inQuota);

    /** In bytes; see {@link NamedPipeChannelOption#PIPE_OUT_QUOTA}. */
    int getOutQuota();

    /** In bytes; see {@link NamedPipeChannelOption#PIPE_OUT_QUOTA}. */
    NamedPipeServerChannelConfig setOutQuota(int outQuota);

    /** See {@link NamedPipeChannelOption#PIPE_FIRST_INSTANCE}. */
    boolean isFirstInstance();

    /** See {@link NamedPipeChannelOption#PIPE_FIRST_INSTANCE}. */
    NamedPipeServerChannelConfig setFirstInstance(boolean firstInstance);

    /** See {@link NamedPipeChannelOption#PIPE_REJECT_REMOTE}. */
    boolean isRejectRemote();

    /** See {@link NamedPipeChannelOption#PIPE_REJECT_REMOTE}. */
    NamedPipeServerChannelConfig setRejectRemote(boolean rejectRemote);

    /** See {@link NamedPipeChannelOption#PIPE_SECURITY}. */
    NamedPipeSecurity getSecurity();

    /** See {@link NamedPipeChannelOption#PIPE_SECURITY}. */
    NamedPipeServerChannelConfig setSecurity(NamedPipeSecurity security);

    /** See {@link NamedPipeChannelOption#PIPE_ACCESS}. */
    NamedPipeAccess getAccess();

    /** See {@link NamedPipeChannelOption#PIPE_ACCESS}. */
    NamedPipeServerChannelConfig setAccess(NamedPipeAccess access);

    /** See {@link NamedPipeChannelOption#PIPE_TYPE}. */
    NamedPipeMode getType();

    /** See {@link NamedPipeChannelOption#PIPE_TYPE}. */
    NamedPipeServerChannelConfig setType(NamedPipeMode type);
}
