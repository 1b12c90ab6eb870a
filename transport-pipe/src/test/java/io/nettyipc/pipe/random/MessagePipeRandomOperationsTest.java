/* Copyright 2026 The Netty IPC Authors. Licensed under the Apache License, Version 2.0; see LICENSE. */
package io.nettyipc.pipe.random;

import io.netty.channel.Channel;
import io.netty.channel.IoHandlerFactory;
import io.netty.channel.ServerChannel;
import io.netty.util.internal.PlatformDependent;
import io.nettyipc.base.testing.TestedTransport;
import io.nettyipc.pipe.NamedPipe;
import io.nettyipc.pipe.NamedPipeAddress;
import java.net.SocketAddress;
import java.util.EnumSet;
import java.util.Set;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;

/** Over pipes that carry messages. */
@DisabledOnOs(value = OS.MAC, disabledReason = "macOS has no sockets that carry messages")
class MessagePipeRandomOperationsTest extends AbstractRandomOperationsTest {

    @Override
    protected ChannelPairs open() {
        return new BootstrapPairs(new MessagePipes(), traits(), (channel, settings) -> {});
    }

    private static Set<Trait> traits() {
        Set<Trait> traits = EnumSet.of(
                Trait.MESSAGES,
                Trait.INPUT_SHUTDOWN,
                Trait.READS_AFTER_END,
                Trait.LIMITED_READS,
                Trait.HALF_CLOSURE_OPTION);
        if (!PlatformDependent.isWindows()) {
            traits.add(Trait.OUTPUT_SHUTDOWN);
        }
        return traits;
    }

    private static final class MessagePipes implements TestedTransport {

        @Override
        public IoHandlerFactory newIoHandlerFactory() {
            return NamedPipe.newIoHandlerFactory();
        }

        @Override
        public Class<? extends ServerChannel> serverChannelType() {
            return NamedPipe.messageServerChannelType();
        }

        @Override
        public Class<? extends Channel> channelType() {
            return NamedPipe.messageChannelType();
        }

        @Override
        public SocketAddress address(String name) {
            return NamedPipeAddress.of(name);
        }
    }
}
