/* Copyright 2026 The Netty IPC Authors. Licensed under the Apache License, Version 2.0; see LICENSE. */
package io.nettyipc.process;

import io.netty.bootstrap.Bootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandler;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.util.internal.PlatformDependent;
import io.nettyipc.base.testing.PeerProgram;
import io.nettyipc.pipe.NamedPipe;
import io.nettyipc.pipe.random.AbstractRandomOperationsTest;
import io.nettyipc.pipe.random.ChannelPairs;
import io.nettyipc.pipe.random.Settings;
import io.nettyipc.pipe.random.Trait;
import java.util.EnumSet;
import java.util.Set;
import java.util.concurrent.TimeUnit;

/** A child process that sends back what it gets. */
class ChildProcessRandomOperationsTest extends AbstractRandomOperationsTest {

    @Override
    protected ChannelPairs open() throws Exception {
        return new Children(
                PlatformDependent.isWindows()
                        ? ProcessAddress.of(PeerProgram.child("cat").toArray(String[]::new))
                        : ProcessAddress.of("cat"));
    }

    private static final class Children implements ChannelPairs {

        private final EventLoopGroup group = new MultiThreadIoEventLoopGroup(1, NamedPipe.newIoHandlerFactory());
        private final ProcessAddress echo;

        Children(ProcessAddress echo) {
            this.echo = echo;
        }

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
                    .connect(echo)
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
