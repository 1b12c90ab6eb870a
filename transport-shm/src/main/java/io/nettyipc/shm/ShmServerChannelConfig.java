/* Copyright 2026 The Netty IPC Authors. Licensed under the Apache License, Version 2.0; see LICENSE. */
package io.nettyipc.shm;

import io.netty.channel.ChannelConfig;
import io.netty.channel.ChannelOption;
import io.netty.channel.DefaultChannelConfig;
import io.netty.channel.ServerChannelRecvByteBufAllocator;
import io.netty.util.internal.ObjectUtil;
import io.nettyipc.pipe.socket.SocketOptions;
import java.util.Map;

/**
 * The configuration of a {@link ShmServerChannel}. May be changed by any thread.
 *
 * <p>{@link ChannelOption#SO_BACKLOG}, and on Windows the options of {@link io.nettyipc.pipe.NamedPipeChannelOption}, are
 * those of the pipe or socket on which control connections are accepted; set them before the bind.
 *
 * @see ShmChannelOption#SHM_MAX_MEMORY
 */
public final class ShmServerChannelConfig extends DefaultChannelConfig {

    private static final long DEFAULT_MAX_MEMORY = 1L << 30;

    private final PendingOptions controlOptions = new PendingOptions();
    private volatile long maxMemory = DEFAULT_MAX_MEMORY;

    ShmServerChannelConfig(ShmServerChannel channel) {
        super(channel, new ServerChannelRecvByteBufAllocator());
    }

    @Override
    public Map<ChannelOption<?>, Object> getOptions() {
        return getOptions(super.getOptions(), ShmChannelOption.SHM_MAX_MEMORY);
    }

    @SuppressWarnings("unchecked")
    @Override
    public <T> T getOption(ChannelOption<T> option) {
        if (option == ShmChannelOption.SHM_MAX_MEMORY) {
            return (T) Long.valueOf(getMaxMemory());
        }
        return super.getOption(option);
    }

    @Override
    public <T> boolean setOption(ChannelOption<T> option, T value) {
        validate(option, value);
        if (option == ShmChannelOption.SHM_MAX_MEMORY) {
            setMaxMemory((Long) value);
            return true;
        }
        return super.setOption(option, value)
                || controlOptions.put(option, value)
                || SocketOptions.isMeaningless(option);
    }

    /** Gives the channel that accepts control connections the options that are its. */
    void applyTo(ChannelConfig control) {
        controlOptions.applyTo(control);
    }

    /** In bytes; see {@link ShmChannelOption#SHM_MAX_MEMORY}. */
    public long getMaxMemory() {
        return maxMemory;
    }

    /** In bytes; see {@link ShmChannelOption#SHM_MAX_MEMORY}. */
    public ShmServerChannelConfig setMaxMemory(long maxMemory) {
        this.maxMemory = ObjectUtil.checkPositiveOrZero(maxMemory, "maxMemory");
        return this;
    }

    @Override
    protected void autoReadCleared() {
        ((ShmServerChannel) channel).clearReadPending();
    }
}
