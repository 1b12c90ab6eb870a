/* Copyright 2026 The Netty IPC Authors. Licensed under the Apache License, Version 2.0; see LICENSE. */
package io.nettyipc.pipe.windows;

import io.netty.buffer.ByteBufAllocator;
import io.netty.channel.MessageSizeEstimator;
import io.netty.channel.RecvByteBufAllocator;
import io.netty.channel.WriteBufferWaterMark;
import io.netty.channel.unix.DomainSocketReadMode;
import io.netty.channel.unix.UnixChannelOption;
import io.netty.util.internal.ObjectUtil;
import io.nettyipc.base.channel.HalfClosureConfig;
import io.nettyipc.base.channel.OptionTable;
import io.nettyipc.pipe.NamedPipeAccess;
import io.nettyipc.pipe.NamedPipeChannelConfig;
import io.nettyipc.pipe.NamedPipeChannelOption;
import io.nettyipc.pipe.NamedPipeImpersonation;
import io.nettyipc.pipe.NamedPipeMode;

/** The configuration of a {@link WindowsNamedPipeChannel}. */
final class WindowsNamedPipeChannelConfig extends HalfClosureConfig implements NamedPipeChannelConfig {

    private static final OptionTable<WindowsNamedPipeChannelConfig> OPTIONS =
            OptionTable.<WindowsNamedPipeChannelConfig>of(HalfClosureConfig.OPTIONS)
                    .with(
                            UnixChannelOption.DOMAIN_SOCKET_READ_MODE,
                            WindowsNamedPipeChannelConfig::getReadMode,
                            WindowsNamedPipeChannelConfig::setReadMode)
                    .with(
                            NamedPipeChannelOption.PIPE_ACCESS,
                            WindowsNamedPipeChannelConfig::getAccess,
                            WindowsNamedPipeChannelConfig::setAccess)
                    .with(
                            NamedPipeChannelOption.PIPE_IMPERSONATION,
                            WindowsNamedPipeChannelConfig::getImpersonation,
                            WindowsNamedPipeChannelConfig::setImpersonation)
                    .with(
                            NamedPipeChannelOption.PIPE_READ_MODE,
                            WindowsNamedPipeChannelConfig::getPipeReadMode,
                            WindowsNamedPipeChannelConfig::setPipeReadMode)
                    .with(
                            NamedPipeChannelOption.PIPE_HALF_CLOSE,
                            WindowsNamedPipeChannelConfig::isHalfClose,
                            WindowsNamedPipeChannelConfig::setHalfClose);

    private volatile NamedPipeAccess access = NamedPipeAccess.DUPLEX;
    private volatile NamedPipeImpersonation impersonation = NamedPipeImpersonation.IDENTIFICATION;

    private volatile NamedPipeMode readMode = NamedPipeMode.BYTE;
    private volatile boolean halfClose;

    WindowsNamedPipeChannelConfig(WindowsNamedPipeChannel channel) {
        super(channel, OPTIONS);
    }

    @Override
    public NamedPipeAccess getAccess() {
        return access;
    }

    @Override
    public NamedPipeChannelConfig setAccess(NamedPipeAccess access) {
        this.access = ObjectUtil.checkNotNull(access, "access");
        return this;
    }

    @Override
    public NamedPipeImpersonation getImpersonation() {
        return impersonation;
    }

    @Override
    public NamedPipeChannelConfig setImpersonation(NamedPipeImpersonation impersonation) {
        this.impersonation = ObjectUtil.checkNotNull(impersonation, "impersonation");
        return this;
    }

    @Override
    public NamedPipeMode getPipeReadMode() {
        return readMode;
    }

    @Override
    public NamedPipeChannelConfig setPipeReadMode(NamedPipeMode readMode) {
        this.readMode = ObjectUtil.checkNotNull(readMode, "readMode");
        return this;
    }

    @Override
    public boolean isHalfClose() {
        return halfClose;
    }

    @Override
    public NamedPipeChannelConfig setHalfClose(boolean halfClose) {
        this.halfClose = halfClose;
        return this;
    }

    @Override
    public DomainSocketReadMode getReadMode() {
        return DomainSocketReadMode.BYTES;
    }

    @Override
    public NamedPipeChannelConfig setReadMode(DomainSocketReadMode mode) {
        if (ObjectUtil.checkNotNull(mode, "mode") != DomainSocketReadMode.BYTES) {
            throw new IllegalArgumentException(
                    "mode: " + mode + " (expected: BYTES; a Windows pipe does not pass file descriptors)");
        }
        return this;
    }

    @Override
    public WindowsNamedPipeChannelConfig setAllowHalfClosure(boolean allowHalfClosure) {
        super.setAllowHalfClosure(allowHalfClosure);
        return this;
    }

    @Override
    public NamedPipeChannelConfig setConnectTimeoutMillis(int connectTimeoutMillis) {
        super.setConnectTimeoutMillis(connectTimeoutMillis);
        return this;
    }

    @Deprecated
    @Override
    public NamedPipeChannelConfig setMaxMessagesPerRead(int maxMessagesPerRead) {
        super.setMaxMessagesPerRead(maxMessagesPerRead);
        return this;
    }

    @Override
    public NamedPipeChannelConfig setWriteSpinCount(int writeSpinCount) {
        super.setWriteSpinCount(writeSpinCount);
        return this;
    }

    @Override
    public NamedPipeChannelConfig setAllocator(ByteBufAllocator allocator) {
        super.setAllocator(allocator);
        return this;
    }

    @Override
    public NamedPipeChannelConfig setRecvByteBufAllocator(RecvByteBufAllocator recvByteBufAllocator) {
        super.setRecvByteBufAllocator(recvByteBufAllocator);
        return this;
    }

    @Override
    public NamedPipeChannelConfig setAutoRead(boolean autoRead) {
        super.setAutoRead(autoRead);
        return this;
    }

    @Override
    public NamedPipeChannelConfig setAutoClose(boolean autoClose) {
        super.setAutoClose(autoClose);
        return this;
    }

    @Deprecated
    @Override
    public NamedPipeChannelConfig setWriteBufferHighWaterMark(int writeBufferHighWaterMark) {
        super.setWriteBufferHighWaterMark(writeBufferHighWaterMark);
        return this;
    }

    @Deprecated
    @Override
    public NamedPipeChannelConfig setWriteBufferLowWaterMark(int writeBufferLowWaterMark) {
        super.setWriteBufferLowWaterMark(writeBufferLowWaterMark);
        return this;
    }

    @Override
    public NamedPipeChannelConfig setWriteBufferWaterMark(WriteBufferWaterMark writeBufferWaterMark) {
        super.setWriteBufferWaterMark(writeBufferWaterMark);
        return this;
    }

    @Override
    public NamedPipeChannelConfig setMessageSizeEstimator(MessageSizeEstimator messageSizeEstimator) {
        super.setMessageSizeEstimator(messageSizeEstimator);
        return this;
    }
}
