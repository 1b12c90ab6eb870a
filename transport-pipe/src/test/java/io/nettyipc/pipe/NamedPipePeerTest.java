/* Copyright 2026 The Netty IPC Authors. Licensed under the Apache License, Version 2.0; see LICENSE. */
package io.nettyipc.pipe;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelException;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.embedded.EmbeddedChannel;
import io.nettyipc.base.testing.ChildJvm;
import io.nettyipc.base.testing.SystemCommand;
import io.nettyipc.pipe.unix.UnixTransport;
import java.nio.channels.NotYetConnectedException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

@Timeout(60)
class NamedPipePeerTest {
    @ParameterizedTest
    @MethodSource("io.nettyipc.pipe.UnixTransports#all")
    @DisabledOnOs(OS.WINDOWS)
    void bothSidesSeeWhoTheOtherIs(UnixTransport transport, @TempDir Path own) throws Exception {
        try (PipeFixture pipes = new PipeFixture(transport)) {
            NamedPipeAddress address = PipeFixture.newAddress();
            CompletableFuture<NamedPipePeer> seenByServer = new CompletableFuture<>();
            Channel server = pipes.server(new ChannelInboundHandlerAdapter() {
                        @Override
                        public void channelActive(ChannelHandlerContext ctx) {
                            seenByServer.complete(UnixTransport.peer(ctx.channel()));
                        }
                    })
                    .bind(address)
                    .sync()
                    .channel();
            Channel client = pipes.connect(address).sync().channel();
            for (NamedPipePeer peer : new NamedPipePeer[] {
                UnixTransport.peer(client), seenByServer.get(10, TimeUnit.SECONDS),
            }) {
                assertEquals(System.getProperty("user.name"), peer.user());
                assertEquals(Files.getAttribute(own, "unix:uid"), peer.userId());
                assertEquals(-1, peer.sessionId());
                if (transport == UnixTransport.epoll()) {
                    assertEquals(ProcessHandle.current().pid(), peer.processId());
                    assertArrayEquals(new int[] {(int) Files.getAttribute(own, "unix:gid")}, peer.groupIds());
                }
            }
            client.close().sync();
            server.close().sync();
        }
    }

    @Test
    @DisabledOnOs(OS.WINDOWS)
    void theProcessOfAServerInAnotherProcessIsKnown() throws Exception {
        try (PipeFixture pipes = new PipeFixture();
                ChildJvm child = new ChildJvm(BindingProgram.class)) {
            child.answer();
            NamedPipeAddress address = PipeFixture.newAddress();
            child.tell(address.name());
            assertEquals("bound", child.answer());
            Channel client = pipes.connect(address).sync().channel();
            NamedPipePeer peer = NamedPipe.peer(client);
            if (UnixTransport.epoll() != null) {
                assertEquals(child.processId(), peer.processId());
            }
            client.close().sync();
            child.tell("close");
            assertEquals("closed", child.answer());
        }
    }

    /** It has no number here. 0, which the kernel says, is not one. */
    @Test
    @EnabledOnOs(value = OS.LINUX, disabledReason = "namespaces are Linux's")
    void aProcessOfAnotherPidNamespaceHasNoProcessId(@TempDir Path directory) throws Exception {
        List<String> inside = List.of("unshare", "--pid", "--fork", "--kill-child", "--mount-proc");
        assumeTrue(SystemCommand.worksBefore(inside), "unshare --pid needs root");
        NamedPipeAddress address = NamedPipeAddress.of(directory.resolve("s").toString());
        try (PipeFixture pipes = new PipeFixture()) {
            pipes.listening(address);
            try (ChildJvm child =
                    new ChildJvm(inside, PlaceProgram.class, jar -> true, Map.of(), "peer", address.path())) {
                assertEquals("-1 " + Files.getAttribute(directory, "unix:uid") + " true", child.answer());
            }
            try (ChildJvm child =
                    new ChildJvm(inside, PlaceProgram.class, jar -> true, Map.of(), "bind", address.path())) {
                String refused = child.answer();
                assertTrue(refused.contains("a process that can't be seen from here"), refused);
            }
            NamedPipeAddress messages =
                    NamedPipeAddress.of(directory.resolve("m").toString());
            new ServerBootstrap()
                    .group(pipes.group())
                    .channel(NamedPipe.messageServerChannelType())
                    .childHandler(new ChannelInboundHandlerAdapter())
                    .bind(messages)
                    .sync();
            try (ChildJvm child =
                    new ChildJvm(inside, PlaceProgram.class, jar -> true, Map.of(), "messages", messages.path())) {
                assertEquals("-1", child.answer());
            }
        }
    }

    @Test
    @EnabledOnOs(value = OS.LINUX, disabledReason = "elsewhere JNA isn't asked")
    void withoutJnaThePeersUserIsKnownAllTheSame(@TempDir Path directory) throws Exception {
        assumeTrue(UnixTransport.epoll() != null, "the JDK tells no user ids");
        NamedPipeAddress address = NamedPipeAddress.of(directory.resolve("s").toString());
        try (PipeFixture pipes = new PipeFixture();
                ChildJvm child = new ChildJvm(
                        PlaceProgram.class,
                        jar -> !jar.getFileName().toString().startsWith("jna"),
                        Map.of(),
                        "peer",
                        pipes.listening(address).localAddress().toString())) {
            assertEquals(
                    ProcessHandle.current().pid() + " " + Files.getAttribute(directory, "unix:uid") + " true",
                    child.answer());
        }
    }

    @Test
    void aChannelThatIsNotConnectedHasNoPeer() throws Exception {
        try (PipeFixture pipes = new PipeFixture()) {
            Channel client = pipes.client(new ChannelInboundHandlerAdapter())
                    .register()
                    .sync()
                    .channel();
            assertThrows(NotYetConnectedException.class, () -> NamedPipe.peer(client));
            client.close().sync();
        }
    }

    @Test
    void aClosedChannelHasNoPeer() throws Exception {
        try (PipeFixture pipes = new PipeFixture()) {
            NamedPipeAddress address = PipeFixture.newAddress();
            Channel server = pipes.listening(address);
            Channel client = pipes.connect(address).sync().channel();
            client.close().sync();
            assertThrows(ChannelException.class, () -> NamedPipe.peer(client));
            server.close().sync();
        }
    }

    @Test
    void aChannelThatIsNotAPipeIsRefused() {
        EmbeddedChannel channel = new EmbeddedChannel();
        IllegalArgumentException e = assertThrows(IllegalArgumentException.class, () -> NamedPipe.peer(channel));
        assertTrue(e.getMessage().contains("EmbeddedChannel"), e.getMessage());
        channel.finish();
    }

    @Test
    void equalDescriptionsAreEqualAndShowOnlyWhatIsKnown() {
        NamedPipePeer windows = new NamedPipePeer(42, 1, "DOMAIN\\user", -1);
        assertEquals(new NamedPipePeer(42, 1, "DOMAIN\\user", -1), windows);
        assertEquals(new NamedPipePeer(42, 1, "DOMAIN\\user", -1).hashCode(), windows.hashCode());
        assertNotEquals(new NamedPipePeer(43, 1, "DOMAIN\\user", -1), windows);
        assertEquals("NamedPipePeer[user=DOMAIN\\user, processId=42, sessionId=1]", windows.toString());
        NamedPipePeer unix = new NamedPipePeer(-1, -1, "me", 1000, 1000, 4);
        assertEquals("NamedPipePeer[user=me, userId=1000, groupIds=[1000, 4]]", unix.toString());
        unix.groupIds()[0] = 0;
        assertArrayEquals(new int[] {1000, 4}, unix.groupIds());
    }
}
