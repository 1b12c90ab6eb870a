/* Copyright 2026 The Netty IPC Authors. Licensed under the Apache License, Version 2.0; see LICENSE. */
package io.nettyipc.process;

import io.netty.bootstrap.Bootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandler;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.nettyipc.pipe.NamedPipe;
import io.nettyipc.pipe.random.AbstractRandomOperationsTest;
import io.nettyipc.pipe.random.ChannelPairs;
import io.nettyipc.pipe.random.Settings;
import io.nettyipc.pipe.random.Trait;
import java.util.EnumSet;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;

/** A child process that sends back what it gets. */
@DisabledOnOs(value = OS.WINDOWS, disabledReason = "Windows has no cat")
class ChildProcessRandomOperationsTest extends AbstractRandomOperationsTest {

    @Override
    protected ChannelPairs open() {
        return new Children();
    }

    private static final class Children implements ChannelPairs {

        private final EventLoopGroup group = new MultiThreadIoEventLoopGroup(1, NamedPipe.newIoHandlerFactory());

        @Override
        public Set<Trait> traits() {
            return EnumSet.of(
                    Trait.ECHO, Trait.OUTPUT_SHUTDOWN, Trait.FILE_REGIONS, Trait.READS_AFTER_END, Trait.LIMITED_READS);
        }

        @Override
        public Pair connect(Settings settings, ChannelHandler client, ChannelHandler server) {
            Channel child = new Bootstrap()
                    .group(group)
                    .channel(ChildProcess.channelType())
                    .handler(client)
                    .connect(ProcessAddress.of("cat"))
                    .syncUninterruptibly()
                    .channel();
            return new Pair(child, child);
        }

        @Override
        public void close() {
            group.shutdownGracefully(0, 5, TimeUnit.SECONDS).syncUninterruptibly();
        }
    }
}
