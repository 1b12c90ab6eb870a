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
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** A writer and a reader of a FIFO. */
@DisabledOnOs(value = OS.WINDOWS, disabledReason = "Windows has no FIFOs")
class FifoRandomOperationsTest extends AbstractRandomOperationsTest {

    @TempDir
    Path directory;

    @Override
    protected ChannelPairs open() {
        return new Fifos(directory);
    }

    /** Each pair has a FIFO of its own: a reader stays when its writer goes. */
    private static final class Fifos implements ChannelPairs {

        private final Path directory;
        private final EventLoopGroup readers = new MultiThreadIoEventLoopGroup(1, NamedPipe.newIoHandlerFactory());
        private final EventLoopGroup writers = new MultiThreadIoEventLoopGroup(1, NamedPipe.newIoHandlerFactory());
        private int next;

        Fifos(Path directory) {
            this.directory = directory;
        }

        @Override
        public Set<Trait> traits() {
            return EnumSet.of(
                    Trait.ONE_WAY, Trait.NO_END, Trait.FILE_REGIONS, Trait.READS_AFTER_END, Trait.LIMITED_READS);
        }

        @Override
        public Pair connect(Settings settings, ChannelHandler client, ChannelHandler server) {
            FifoAddress address =
                    FifoAddress.of(directory.resolve("fifo" + next++).toString());
            Channel reader = bootstrap(readers, server)
                    .bind(address)
                    .syncUninterruptibly()
                    .channel();
            Channel writer = bootstrap(settings.oneLoop() ? readers : writers, client)
                    .connect(address)
                    .syncUninterruptibly()
                    .channel();
            return new Pair(writer, reader);
        }

        private static Bootstrap bootstrap(EventLoopGroup group, ChannelHandler handler) {
            return new Bootstrap().group(group).channel(Fifo.channelType()).handler(handler);
        }

        @Override
        public void close() {
            readers.shutdownGracefully(0, 5, TimeUnit.SECONDS).syncUninterruptibly();
            writers.shutdownGracefully(0, 5, TimeUnit.SECONDS).syncUninterruptibly();
        }
    }
}
