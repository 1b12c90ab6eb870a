/* Copyright 2026 The Netty IPC Authors. Licensed under the Apache License, Version 2.0; see LICENSE. */
package io.nettyipc.pipe.windows;

import io.netty.buffer.ByteBufAllocator;
import io.netty.channel.ChannelOption;
import io.netty.channel.DefaultChannelConfig;
import io.netty.channel.MessageSizeEstimator;
import io.netty.channel.RecvByteBufAllocator;
import io.netty.channel.WriteBufferWaterMark;
import io.netty.util.internal.ObjectUtil;
import io.nettyipc.base.channel.SocketOptions;
import io.nettyipc.pipe.NamedPipeAccess;
import io.nettyipc.pipe.NamedPipeChannelConfig;
import io.nettyipc.pipe.NamedPipeChannelOption;
import io.nettyipc.pipe.NamedPipeImpersonation;
import io.nettyipc.pipe.NamedPipeMode;
import java.util.Map;

/** The configuration of a {@link WindowsNamedPipeChannel}. */
final class WindowsNamedPipeChannelConfig extends DefaultChannelConfig implements NamedPipeChannelConfig {

    private volatile boolean allowHalfClosure;
    private volatile NamedPipeAccess access = NamedPipeAccess.DUPLEX;
    private volatile NamedPipeImpersonation impersonation = NamedPipeImpersonation.IDENTIFICATION;

    private volatile NamedPipeMode readMode = NamedPipeMode.BYTE;
    private volatile boolean halfClose;

    WindowsNamedPipeChannelConfig(WindowsNamedPipeChannel channel) {
        super(channel);
    }

    @Override
    public Map<ChannelOption<?>, Object> getOptions() {
        return getOptions(
                super.getOptions(),
                ChannelOption.ALLOW_HALF_CLOSURE,
                NamedPipeChannelOption.PIPE_ACCESS,
                NamedPipeChannelOption.PIPE_IMPERSONATION,
                NamedPipeChannelOption.PIPE_READ_MODE,
                NamedPipeChannelOption.PIPE_HALF_CLOSE);
    }

    @SuppressWarnings("unchecked")
    @Override
    public <T> T getOption(ChannelOption<T> option) {
        if (option == ChannelOption.ALLOW_HALF_CLOSURE) {
            return (T) Boolean.valueOf(isAllowHalfClosure());
        }
        if (option == NamedPipeChannelOption.PIPE_ACCESS) {
            return (T) getAccess();
        }
        if (option == NamedPipeChannelOption.PIPE_IMPERSONATION) {
            return (T) getImpersonation();
        }
        if (option == NamedPipeChannelOption.PIPE_READ_MODE) {
            return (T) getReadMode();
        }
        if (option == NamedPipeChannelOption.PIPE_HALF_CLOSE) {
            return (T) Boolean.valueOf(isHalfClose());
        }
        return super.getOption(option);
    }

    @Override
    public <T> boolean setOption(ChannelOption<T> option, T value) {
        validate(option, value);
        if (option == ChannelOption.ALLOW_HALF_CLOSURE) {
            setAllowHalfClosure((Boolean) value);
        } else if (option == NamedPipeChannelOption.PIPE_ACCESS) {
            setAccess((NamedPipeAccess) value);
        } else if (option == NamedPipeChannelOption.PIPE_IMPERSONATION) {
            setImpersonation((NamedPipeImpersonation) value);
        } else if (option == NamedPipeChannelOption.PIPE_READ_MODE) {
            setReadMode((NamedPipeMode) value);
        } else if (option == NamedPipeChannelOption.PIPE_HALF_CLOSE) {
            setHalfClose((Boolean) value);
        } else {
            return super.setOption(option, value) || SocketOptions.isMeaningless(option);
        }
        return true;
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
    public NamedPipeMode getReadMode() {
        return readMode;
    }

    @Override
    public NamedPipeChannelConfig setReadMode(NamedPipeMode readMode) {
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
    public boolean isAllowHalfClosure() {
        return allowHalfClosure;
    }

    @Override
    public NamedPipeChannelConfig setAllowHalfClosure(boolean allowHalfClosure) {
        this.allowHalfClosure = allowHalfClosure;
        return this;
    }

    @Override
    protected void autoReadCleared() {
        ((WindowsNamedPipeChannel) channel).clearReadPending();
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

    @Override
    public NamedPipeChannelConfig setWriteBufferHighWaterMark(int writeBufferHighWaterMark) {
        super.setWriteBufferHighWaterMark(writeBufferHighWaterMark);
        return this;
    }

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
