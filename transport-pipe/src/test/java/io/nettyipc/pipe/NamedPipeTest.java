/* Copyright 2026 The Netty IPC Authors. Licensed under the Apache License, Version 2.0; see LICENSE. */
package io.nettyipc.pipe;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.netty.channel.Channel;
import io.netty.channel.IoEventLoopGroup;
import io.netty.channel.IoHandler;
import io.netty.channel.IoHandlerFactory;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.ServerChannel;
import io.netty.channel.local.LocalIoHandler;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.DuplexChannel;
import io.netty.channel.socket.nio.NioDomainSocketChannel;
import io.netty.channel.socket.nio.NioServerDomainSocketChannel;
import io.netty.util.concurrent.ImmediateEventExecutor;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

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

    @Test
    void nioLoopsServePipesAndSayByWhichChannels() throws Exception {
        IoHandlerFactory factory = NamedPipe.newIoHandlerFactory(NioIoHandler.newFactory());
        IoEventLoopGroup group = new MultiThreadIoEventLoopGroup(1, factory);
        Class<? extends ServerChannel> serverChannelType = NamedPipe.serverChannelType(group);
        Class<? extends Channel> channelType = NamedPipe.channelType(group);
        group.shutdownGracefully(0, 1, TimeUnit.SECONDS);
        if (OS.WINDOWS.isCurrentOs()) {
            assertEquals(NamedPipe.serverChannelType(), serverChannelType);
            assertEquals(NamedPipe.channelType(), channelType);
        } else {
            assertEquals(NioServerDomainSocketChannel.class, serverChannelType);
            assertEquals(NioDomainSocketChannel.class, channelType);
        }

        try (PipeFixture pipes = new PipeFixture(factory, serverChannelType, channelType)) {
            NamedPipeAddress address = PipeFixture.newAddress();
            pipes.listening(address);
            pipes.assertEchoes(address);
        }
    }

    @Test
    @EnabledOnOs(OS.WINDOWS)
    void loopsThatServePipesAlreadyStayWhatTheyAre() {
        IoHandlerFactory pipes = NamedPipe.newIoHandlerFactory();
        IoHandler[] made = new IoHandler[1];
        IoHandlerFactory factory = NamedPipe.newIoHandlerFactory(executor -> made[0] = pipes.newHandler(executor));

        IoHandler handler = factory.newHandler(ImmediateEventExecutor.INSTANCE);

        assertSame(made[0], handler);
        handler.destroy();
    }

    @Test
    void channelTypesOfThePreferredLoopsAreThoseWithoutAnArgument() {
        IoEventLoopGroup group = new MultiThreadIoEventLoopGroup(1, NamedPipe.newIoHandlerFactory());

        assertEquals(NamedPipe.serverChannelType(), NamedPipe.serverChannelType(group));
        assertEquals(NamedPipe.channelType(), NamedPipe.channelType(group));

        group.shutdownGracefully(0, 1, TimeUnit.SECONDS);
    }

    @Test
    void loopsThatServeNoPipesAreRefused() {
        IoHandlerFactory unsuitable = NamedPipe.newIoHandlerFactory(LocalIoHandler.newFactory());
        IoEventLoopGroup group = new MultiThreadIoEventLoopGroup(1, LocalIoHandler.newFactory());

        Throwable made = assertThrows(IllegalStateException.class, () -> new MultiThreadIoEventLoopGroup(1, unsuitable))
                .getCause();
        assertInstanceOf(IllegalArgumentException.class, made);
        assertTrue(made.getMessage().startsWith("LocalIoHandler serves no pipes"), made.getMessage());
        String message = assertThrows(IllegalArgumentException.class, () -> NamedPipe.channelType(group))
                .getMessage();
        assertTrue(message.contains("serves no pipes: make its event loops with NamedPipe"), message);
        assertThrows(IllegalArgumentException.class, () -> NamedPipe.serverChannelType(group));

        group.shutdownGracefully(0, 1, TimeUnit.SECONDS);
    }
}
