/* Copyright 2026 The Netty IPC Authors. Licensed under the Apache License, Version 2.0; see LICENSE. */
package io.nettyipc.shm;

import io.netty.channel.ChannelConfig;
import io.netty.channel.ChannelOption;
import io.netty.channel.ServerChannelRecvByteBufAllocator;
import io.netty.util.internal.ObjectUtil;
import io.nettyipc.base.channel.AbstractIpcChannelConfig;
import io.nettyipc.base.channel.OptionTable;
import io.nettyipc.base.os.SystemMemory;

/**
 * The configuration of a {@link ShmServerChannel}. May be changed by any thread.
 *
 * <p>{@link ChannelOption#SO_BACKLOG}, and on Windows the options of {@link io.nettyipc.pipe.NamedPipeChannelOption},
 * are those of the pipe or socket on which control connections are accepted; set them before the bind.
 *
 * @see ShmChannelOption#SHM_MAX_MEMORY
 * @see ShmChannelOption#SHM_MAX_MEMORY_PER_PEER
 * @see ShmChannelOption#SHM_MAX_HANDSHAKES
 */
@SuppressWarnings("exports") // Users see the methods of the superclass, and need not name it.
public final class ShmServerChannelConfig extends AbstractIpcChannelConfig {

    private static final OptionTable<ShmServerChannelConfig> OPTIONS = OptionTable.<ShmServerChannelConfig>empty()
            .with(
                    ShmChannelOption.SHM_MAX_MEMORY,
                    ShmServerChannelConfig::getMaxMemory,
                    ShmServerChannelConfig::setMaxMemory)
            .with(
                    ShmChannelOption.SHM_MAX_MEMORY_PER_PEER,
                    ShmServerChannelConfig::getMaxMemoryPerPeer,
                    ShmServerChannelConfig::setMaxMemoryPerPeer)
            .with(
                    ShmChannelOption.SHM_MAX_HANDSHAKES,
                    ShmServerChannelConfig::getMaxHandshakes,
                    ShmServerChannelConfig::setMaxHandshakes);

    private static final long LARGEST_DEFAULT_MAX_MEMORY = 1L << 30;

    /** Shared memory isn't in the JVM's -Xmx, and a container that has too much of it is killed. */
    private static final long DEFAULT_MAX_MEMORY = Math.min(LARGEST_DEFAULT_MAX_MEMORY, SystemMemory.limit() / 4);

    private static final int DEFAULT_MAX_HANDSHAKES = 128;

    private final PendingOptions controlOptions = new PendingOptions();
    private volatile long maxMemory = DEFAULT_MAX_MEMORY;
    private volatile long maxMemoryPerPeer = Long.MAX_VALUE;
    private volatile int maxHandshakes = DEFAULT_MAX_HANDSHAKES;

    ShmServerChannelConfig(ShmServerChannel channel) {
        super(channel, new ServerChannelRecvByteBufAllocator(), OPTIONS);
    }

    /** Also takes the options of the pipe or socket, before the bind. */
    @Override
    public <T> boolean setOption(ChannelOption<T> option, T value) {
        return super.setOption(option, value) || controlOptions.put(option, value);
    }

    /** Gives the channel that accepts control connections the options that are its. */
    void applyTo(ChannelConfig control) {
        controlOptions.applyTo(control);
    }

    /** In bytes; see {@link ShmChannelOption#SHM_MAX_MEMORY}. */
    public long getMaxMemory() {
        return maxMemory;
    }

    /** For a client that is refused. */
    String maxMemoryDescribed() {
        long max = maxMemory;
        boolean quarter = max == DEFAULT_MAX_MEMORY && max < LARGEST_DEFAULT_MAX_MEMORY;
        return max + " bytes" + (quarter ? ", a quarter of what its container or machine has" : "");
    }

    /** In bytes; see {@link ShmChannelOption#SHM_MAX_MEMORY}. */
    public ShmServerChannelConfig setMaxMemory(long maxMemory) {
        this.maxMemory = ObjectUtil.checkPositiveOrZero(maxMemory, "maxMemory");
        return this;
    }

    /** In bytes; see {@link ShmChannelOption#SHM_MAX_MEMORY_PER_PEER}. */
    public long getMaxMemoryPerPeer() {
        return maxMemoryPerPeer;
    }

    /** In bytes; see {@link ShmChannelOption#SHM_MAX_MEMORY_PER_PEER}. */
    public ShmServerChannelConfig setMaxMemoryPerPeer(long maxMemoryPerPeer) {
        this.maxMemoryPerPeer = ObjectUtil.checkPositiveOrZero(maxMemoryPerPeer, "maxMemoryPerPeer");
        return this;
    }

    /** See {@link ShmChannelOption#SHM_MAX_HANDSHAKES}. */
    public int getMaxHandshakes() {
        return maxHandshakes;
    }

    /** See {@link ShmChannelOption#SHM_MAX_HANDSHAKES}. */
    public ShmServerChannelConfig setMaxHandshakes(int maxHandshakes) {
        this.maxHandshakes = ObjectUtil.checkPositive(maxHandshakes, "maxHandshakes");
        return this;
    }
}
