/* Copyright 2026 The Netty IPC Authors. Licensed under the Apache License, Version 2.0; see LICENSE. */
package io.nettyipc.pipe;

import io.netty.buffer.ByteBufAllocator;
import io.netty.channel.MessageSizeEstimator;
import io.netty.channel.RecvByteBufAllocator;
import io.netty.channel.WriteBufferWaterMark;
import io.netty.channel.socket.DuplexChannelConfig;
import io.netty.channel.unix.DomainSocketChannelConfig;
import io.netty.channel.unix.DomainSocketReadMode;

/**
 * The configuration of a connected Windows pipe.
 *
 * <p>{@link #isAllowHalfClosure()} has an effect with {@link NamedPipeChannelOption#PIPE_HALF_CLOSE} only. A pipe
 * itself can't be closed in one direction, so its end is always the end of both.
 *
 * @see NamedPipeChannelOption
 */
public interface NamedPipeChannelConfig extends DuplexChannelConfig, DomainSocketChannelConfig {

    /** See {@link NamedPipeChannelOption#PIPE_ACCESS}. */
    NamedPipeAccess getAccess();

    /** See {@link NamedPipeChannelOption#PIPE_ACCESS}. */
    NamedPipeChannelConfig setAccess(NamedPipeAccess access);

    /** See {@link NamedPipeChannelOption#PIPE_IMPERSONATION}. */
    NamedPipeImpersonation getImpersonation();

    /** See {@link NamedPipeChannelOption#PIPE_IMPERSONATION}. */
    NamedPipeChannelConfig setImpersonation(NamedPipeImpersonation impersonation);

    /** See {@link NamedPipeChannelOption#PIPE_READ_MODE}. */
    NamedPipeMode getPipeReadMode();

    /** See {@link NamedPipeChannelOption#PIPE_READ_MODE}. */
    NamedPipeChannelConfig setPipeReadMode(NamedPipeMode readMode);

    /** See {@link NamedPipeChannelOption#PIPE_HALF_CLOSE}. */
    boolean isHalfClose();

    /** See {@link NamedPipeChannelOption#PIPE_HALF_CLOSE}. */
    NamedPipeChannelConfig setHalfClose(boolean halfClose);

    /** Always {@link DomainSocketReadMode#BYTES}; for messages see {@link #getPipeReadMode()}. */
    @Override
    DomainSocketReadMode getReadMode();

    /**
     * Takes {@link DomainSocketReadMode#BYTES} only.
     *
     * @throws IllegalArgumentException for {@link DomainSocketReadMode#FILE_DESCRIPTORS}, which a Windows pipe can't
     *     pass
     */
    @Override
    NamedPipeChannelConfig setReadMode(DomainSocketReadMode mode);

    @Override
    NamedPipeChannelConfig setAllowHalfClosure(boolean allowHalfClosure);

    @Override
    NamedPipeChannelConfig setConnectTimeoutMillis(int connectTimeoutMillis);

    @Deprecated
    @Override
    NamedPipeChannelConfig setMaxMessagesPerRead(int maxMessagesPerRead);

    @Override
    NamedPipeChannelConfig setWriteSpinCount(int writeSpinCount);

    @Override
    NamedPipeChannelConfig setAllocator(ByteBufAllocator allocator);

    @Override
    NamedPipeChannelConfig setRecvByteBufAllocator(RecvByteBufAllocator allocator);

    @Override
    NamedPipeChannelConfig setAutoRead(boolean autoRead);

    @Override
    NamedPipeChannelConfig setAutoClose(boolean autoClose);

    @Deprecated
    @Override
    NamedPipeChannelConfig setWriteBufferHighWaterMark(int highWaterMark);

    @Deprecated
    @Override
    NamedPipeChannelConfig setWriteBufferLowWaterMark(int lowWaterMark);

    @Override
    NamedPipeChannelConfig setWriteBufferWaterMark(WriteBufferWaterMark waterMark);

    @Override
    NamedPipeChannelConfig setMessageSizeEstimator(MessageSizeEstimator estimator);
}
