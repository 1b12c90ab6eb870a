/* Copyright 2026 The Netty IPC Authors. Licensed under the Apache License, Version 2.0; see LICENSE. */
package io.nettyipc.pipe.unix;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.unix.DomainSocketAddress;
import io.nettyipc.base.os.SocketFile;
import io.nettyipc.base.socket.SocketMode;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

@EnabledOnOs(value = OS.LINUX, disabledReason = "the file gets the socket's mode on Linux only")
@Timeout(60)
class SocketModeTest {
    @TempDir
    Path directory;

    private static String mode(Path path) throws IOException {
        return PosixFilePermissions.toString(Files.getPosixFilePermissions(path));
    }

    private static void setMode(Path path, String mode) throws IOException {
        Files.setPosixFilePermissions(path, PosixFilePermissions.fromString(mode));
    }

    @Test
    void theFileIsForItsUserFromTheBindOn() throws Exception {
        UnixTransport transport = UnixTransport.epoll();
        assumeTrue(transport != null, "no epoll");
        MultiThreadIoEventLoopGroup group = new MultiThreadIoEventLoopGroup(1, transport.newTransportFactory());
        Path path = directory.resolve("s");
        Channel server = new ServerBootstrap()
                .group(group)
                .channel(transport.serverChannelType())
                .childHandler(new ChannelInboundHandlerAdapter())
                .register()
                .sync()
                .channel();
        transport.restrictToUser(server);

        // On Netty's own event loop, where nobody changes the mode later.
        server.bind(new DomainSocketAddress(path.toString())).sync();

        assertEquals("rw-------", mode(path));
        assertTrue(group.shutdownGracefully(0, 10, TimeUnit.SECONDS).await(20, TimeUnit.SECONDS));
    }

    @Test
    void aFileThatALinkInTheSocketsPlaceNamesKeepsItsMode() throws Exception {
        Path target = Files.writeString(directory.resolve("target"), "precious");
        setMode(target, "rw-r--r--");
        Path path = directory.resolve("s");
        try (ServerSocketChannel socket = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
            socket.bind(UnixDomainSocketAddress.of(path));
            setMode(path, "rwxrwxrwx");
            SocketFile made = SocketFile.readIfExists(path);
            // A directory that others can search, below one that they can't, keeps them out as well.
            setMode(directory, "rwxrwxrwx");
            Files.delete(path);
            Files.createSymbolicLink(path, target);

            assertThrows(IOException.class, () -> SocketMode.restrictToUser(path, made));

            assertEquals("rw-r--r--", mode(target));
        }
    }

    @Test
    void aModeThatCannotBeChangedWillDoInADirectoryThatKeepsOthersOut() throws Exception {
        Path path = directory.resolve("s");
        try (ServerSocketChannel socket = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
            socket.bind(UnixDomainSocketAddress.of(path));
            setMode(path, "rwxrwxrwx");
            SocketFile made = SocketFile.readIfExists(path);
            Files.delete(path);
            setMode(directory, "rwx------");
            SocketMode.restrictToUser(path, made);

            setMode(directory, "rwxr-xr-x");
            IOException e = assertThrows(IOException.class, () -> SocketMode.restrictToUser(path, made));
            assertTrue(e.getMessage().contains("mode 0777") && e.getMessage().contains("chmod 700"), e.getMessage());
        }
    }
}
