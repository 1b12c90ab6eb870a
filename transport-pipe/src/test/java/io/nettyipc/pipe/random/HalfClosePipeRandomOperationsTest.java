/* Copyright 2026 The Netty IPC Authors. Licensed under the Apache License, Version 2.0; see LICENSE. */
package io.nettyipc.pipe.random;

import io.netty.bootstrap.Bootstrap;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.IoHandlerFactory;
import io.netty.channel.ServerChannel;
import io.nettyipc.base.testing.TestedTransport;
import io.nettyipc.pipe.NamedPipe;
import io.nettyipc.pipe.NamedPipeAddress;
import io.nettyipc.pipe.NamedPipeChannelOption;
import io.nettyipc.pipe.NamedPipeMode;
import java.net.SocketAddress;
import java.util.EnumSet;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

/** Over pipes of Windows whose ends have agreed that an empty message ends a direction, and that are read as bytes. */
@EnabledOnOs(OS.WINDOWS)
class HalfClosePipeRandomOperationsTest extends AbstractRandomOperationsTest {

    @Override
    protected ChannelPairs open() {
        return new BootstrapPairs(
                new HalfClosePipes(),
                EnumSet.of(
                        Trait.INPUT_SHUTDOWN,
                        Trait.OUTPUT_SHUTDOWN,
                        Trait.HALF_CLOSURE_OPTION,
                        Trait.READS_AFTER_END,
                        Trait.LIMITED_READS,
                        Trait.FILE_REGIONS),
                (channel, settings) -> {});
    }

    private static final class HalfClosePipes implements TestedTransport {

        @Override
        public IoHandlerFactory newIoHandlerFactory() {
            return NamedPipe.newIoHandlerFactory();
        }

        @Override
        public Class<? extends ServerChannel> serverChannelType() {
            return NamedPipe.serverChannelType();
        }

        @Override
        public Class<? extends Channel> channelType() {
            return NamedPipe.channelType();
        }

        @Override
        public SocketAddress address(String name) {
            return NamedPipeAddress.of(name);
        }

        @Override
        public void configure(ServerBootstrap bootstrap) {
            bootstrap
                    .option(NamedPipeChannelOption.PIPE_TYPE, NamedPipeMode.MESSAGE)
                    .childOption(NamedPipeChannelOption.PIPE_READ_MODE, NamedPipeMode.BYTE)
                    .childOption(NamedPipeChannelOption.PIPE_HALF_CLOSE, true);
        }

        @Override
        public void configure(Bootstrap bootstrap) {
            bootstrap.option(NamedPipeChannelOption.PIPE_HALF_CLOSE, true);
        }
    }
}
