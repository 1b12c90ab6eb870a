/* Copyright 2026 The Netty IPC Authors. Licensed under the Apache License, Version 2.0; see LICENSE. */
package io.nettyipc.shm.random;

import io.netty.channel.Channel;
import io.netty.channel.IoHandlerFactory;
import io.netty.channel.ServerChannel;
import io.nettyipc.base.testing.TestedTransport;
import io.nettyipc.pipe.random.BootstrapPairs;
import io.nettyipc.pipe.random.ChannelPairs;
import io.nettyipc.pipe.random.Settings;
import io.nettyipc.pipe.random.Trait;
import io.nettyipc.shm.Shm;
import io.nettyipc.shm.ShmAddress;
import io.nettyipc.shm.ShmChannel;
import io.nettyipc.shm.ShmChannelOption;
import io.nettyipc.shm.ShmDoorbell;
import io.nettyipc.shm.ShmServerChannel;
import io.nettyipc.shm.ShmSpinStrategy;
import java.net.SocketAddress;
import java.util.EnumSet;
import java.util.Set;

/** Connections over shared memory. */
final class ShmPairs {

    private static final int SMALL_RING = 4 << 10;
    private static final Set<Trait> TRAITS = EnumSet.of(
            Trait.OUTPUT_SHUTDOWN,
            Trait.INPUT_SHUTDOWN,
            Trait.HALF_CLOSURE_OPTION,
            Trait.FILE_REGIONS,
            Trait.READS_AFTER_END,
            Trait.LIMITED_READS,
            Trait.REREGISTRATION);

    private ShmPairs() {}

    static ChannelPairs open(ShmSpinStrategy spinning, ShmDoorbell doorbell) {
        return new BootstrapPairs(new Loops(spinning), TRAITS, (channel, settings) -> {
            if (channel instanceof ShmChannel) {
                options(channel, settings, doorbell);
            }
        });
    }

    private static void options(Channel channel, Settings settings, ShmDoorbell doorbell) {
        if (doorbell != null) {
            channel.config().setOption(ShmChannelOption.SHM_DOORBELL, doorbell);
        }
        if (settings.smallBuffers()) {
            channel.config().setOption(ShmChannelOption.SHM_SEND_CAPACITY, SMALL_RING);
            channel.config().setOption(ShmChannelOption.SHM_RECEIVE_CAPACITY, SMALL_RING);
        }
    }

    /** Shared memory, served by loops with one strategy. */
    private record Loops(ShmSpinStrategy spinning) implements TestedTransport {

        @Override
        public IoHandlerFactory newIoHandlerFactory() {
            return Shm.newIoHandlerFactory(spinning);
        }

        @Override
        public Class<? extends ServerChannel> serverChannelType() {
            return ShmServerChannel.class;
        }

        @Override
        public Class<? extends Channel> channelType() {
            return ShmChannel.class;
        }

        @Override
        public SocketAddress address(String name) {
            return ShmAddress.of(name);
        }
    }
}
