/* Copyright 2026 The Netty IPC Authors. Licensed under the Apache License, Version 2.0; see LICENSE. */
package io.nettyipc.pipe.windows;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.netty.channel.Channel;
import io.netty.channel.unix.DomainSocketChannel;
import io.netty.channel.unix.DomainSocketReadMode;
import io.netty.channel.unix.FileDescriptor;
import io.netty.channel.unix.ServerDomainSocketChannel;
import io.netty.channel.unix.UnixChannel;
import io.netty.channel.unix.UnixChannelOption;
import io.nettyipc.pipe.NamedPipeMode;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Frameworks tell a domain socket from a TCP socket by the type of its channel. */
class PipeDomainSocketTest {

    private final WindowsNamedPipeChannel channel = new WindowsNamedPipeChannel();
    private final WindowsNamedPipeServerChannel server = new WindowsNamedPipeServerChannel();

    @AfterEach
    void close() {
        channel.unsafe().closeForcibly();
        server.unsafe().closeForcibly();
    }

    @Test
    void pipesAreDomainSocketsByType() {
        for (Class<?> type : List.of(WindowsNamedPipeChannel.class, WindowsMessagePipeChannel.class)) {
            assertTrue(DomainSocketChannel.class.isAssignableFrom(type), type::toString);
        }
        for (Class<?> type : List.of(WindowsNamedPipeServerChannel.class, WindowsMessagePipeServerChannel.class)) {
            assertTrue(ServerDomainSocketChannel.class.isAssignableFrom(type), type::toString);
        }
        assertNull(server.remoteAddress());
    }

    /** It must not throw: an OpenSSL handler asks for the number when it is added. */
    @Test
    void theDescriptorIsClosedAndNoFiles() throws Exception {
        for (Channel each : List.of(channel, server)) {
            FileDescriptor descriptor =
                    assertInstanceOf(UnixChannel.class, each).fd();
            assertFalse(descriptor.isOpen());
            assertEquals(Integer.MAX_VALUE, descriptor.intValue());
            assertEquals("no descriptor", descriptor.toString());
            descriptor.close();
        }
    }

    @Test
    void bytesAreReadAndDescriptorsRefused() {
        assertEquals(DomainSocketReadMode.BYTES, channel.config().getReadMode());
        assertEquals(DomainSocketReadMode.BYTES, channel.config().getOption(UnixChannelOption.DOMAIN_SOCKET_READ_MODE));
        assertEquals(
                DomainSocketReadMode.BYTES,
                channel.config().getOptions().get(UnixChannelOption.DOMAIN_SOCKET_READ_MODE));
        assertTrue(channel.config().setOption(UnixChannelOption.DOMAIN_SOCKET_READ_MODE, DomainSocketReadMode.BYTES));
        String message = assertThrows(
                        IllegalArgumentException.class,
                        () -> channel.config().setReadMode(DomainSocketReadMode.FILE_DESCRIPTORS))
                .getMessage();
        assertTrue(message.contains("does not pass file descriptors"), message);
        assertThrows(
                IllegalArgumentException.class,
                () -> channel.config()
                        .setOption(UnixChannelOption.DOMAIN_SOCKET_READ_MODE, DomainSocketReadMode.FILE_DESCRIPTORS));
        assertThrows(NullPointerException.class, () -> channel.config().setReadMode(null));
        assertEquals(DomainSocketReadMode.BYTES, channel.config().getReadMode());
    }

    @Test
    void thePipesOwnReadModeHasItsOwnMethods() {
        assertEquals(NamedPipeMode.BYTE, channel.config().getPipeReadMode());
        assertEquals(
                NamedPipeMode.MESSAGE,
                channel.config().setPipeReadMode(NamedPipeMode.MESSAGE).getPipeReadMode());
        assertFalse(channel.config().isHalfClose());
    }
}
