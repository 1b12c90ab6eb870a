/* Copyright 2026 The Netty IPC Authors. Licensed under the Apache License, Version 2.0; see LICENSE. */
package io.nettyipc.pipe;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.netty.channel.Channel;
import io.netty.channel.IoHandlerFactory;
import io.netty.channel.socket.DuplexChannel;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class NamedPipeTest {
    @Test
    void theTransportIsAvailableOnEveryPlatformTheTestsRunOn() {
        assertNull(NamedPipe.unavailabilityCause());
        assertTrue(NamedPipe.isAvailable());
        assertDoesNotThrow(NamedPipe::ensureAvailability);
    }

    @Test
    void channelTypesHaveAPublicConstructorWithoutArguments() throws Exception {
        Channel server = NamedPipe.serverChannelType().getConstructor().newInstance();
        server.unsafe().closeForcibly();
        assertFalse(server.isOpen());
        Channel client = NamedPipe.channelType().getConstructor().newInstance();
        client.unsafe().closeForcibly();
        assertInstanceOf(DuplexChannel.class, client);
    }

    @Test
    void threeLinesMakeAServerAndAClient() throws Exception {
        IoHandlerFactory factory = NamedPipe.newIoHandlerFactory();
        try (PipeFixture pipes = new PipeFixture(factory, NamedPipe.serverChannelType(), NamedPipe.channelType())) {
            NamedPipeAddress address = PipeFixture.newAddress();
            Channel server = pipes.listening(address);
            pipes.assertEchoes(address);
            assertEquals(address.path(), server.localAddress().toString());
            server.close().sync();
        }
    }
}
