/* Copyright 2026 The Netty IPC Authors. Licensed under the Apache License, Version 2.0; see LICENSE. */
package io.nettyipc.process;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.netty.bootstrap.Bootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.nettyipc.base.testing.ChildJvm;
import io.nettyipc.base.testing.TestSize;
import io.nettyipc.pipe.BindingProgram;
import io.nettyipc.pipe.NamedPipeAddress;
import io.nettyipc.pipe.PipeFixture;
import io.nettyipc.pipe.unix.UnixTransport;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** Servers in other processes. */
@DisabledOnOs(OS.WINDOWS)
@Timeout(180)
class UnixProcessesTest {
    private static final int ROUNDS = Integer.getInteger("nettyipc.test.rounds", TestSize.of(15, 50));

    @TempDir
    Path directory;

    @Test
    void ofTwoProcessesThatBindOneStaleSocketAtOnceExactlyOneWins() throws Exception {
        try (PipeFixture pipes = new PipeFixture();
                ChildJvm first = new ChildJvm(BindingProgram.class);
                ChildJvm second = new ChildJvm(BindingProgram.class, "nio")) {
            first.answer();
            second.answer();
            for (int round = 0; round < ROUNDS; round++) {
                NamedPipeAddress address =
                        NamedPipeAddress.of(directory.resolve("s" + round).toString());
                ServerSocketChannel.open(StandardProtocolFamily.UNIX)
                        .bind(UnixDomainSocketAddress.of(address.path()))
                        .close();
                first.tell(address.path());
                second.tell(address.path());
                List<String> answers = List.of(first.answer(), second.answer());
                assertEquals(1, answers.stream().filter("bound"::equals).count(), answers::toString);
                assertEquals(
                        1,
                        answers.stream()
                                .filter(answer -> answer.contains("the address is in use"))
                                .count(),
                        answers::toString);
                pipes.assertEchoes(address);
                for (ChildJvm child : List.of(first, second)) {
                    child.tell("close");
                    assertEquals("closed", child.answer());
                }
                assertTrue(Files.notExists(Path.of(address.path())), "round " + round);
            }
        }
    }

    @Test
    void aKilledServersNameCanBeBoundAtOnce() throws Exception {
        NamedPipeAddress address = PipeFixture.newAddress();
        try (PipeFixture pipes = new PipeFixture();
                ChildJvm child = new ChildJvm(BindingProgram.class)) {
            child.answer();
            child.tell(address.name());
            assertEquals("bound", child.answer());
            pipes.assertEchoes(address);

            String refused = PipeFixture.cause(pipes.listen(address)).getMessage();
            if (UnixTransport.epoll() != null) {
                assertTrue(refused.contains("process " + child.processId()), refused);
            }

            child.kill();
            assertTrue(Files.exists(Path.of(address.path())));
            Channel server = pipes.listening(address);
            pipes.assertEchoes(address);
            server.close().sync();
        }
    }

    @Test
    void withoutNettysNativeLibrariesNioServesTheSameNames() throws Exception {
        assertNioServesTheSameNames(Pattern.compile("netty-transport-native-(epoll|kqueue)"));
    }

    @Test
    void withoutNettysEpollAndKqueueClassesNioServesTheSameNames() throws Exception {
        assertNioServesTheSameNames(Pattern.compile("netty-transport-(native|classes)-(epoll|kqueue|io_uring)"));
    }

    private static void assertNioServesTheSameNames(Pattern leftOut) throws Exception {
        NamedPipeAddress address = PipeFixture.newAddress();
        try (PipeFixture pipes = new PipeFixture();
                ChildJvm child = new ChildJvm(
                        BindingProgram.class,
                        jar -> !leftOut.matcher(jar.getFileName().toString()).find(),
                        Map.of())) {
            assertEquals("ready class io.netty.channel.socket.nio.NioServerDomainSocketChannel", child.answer());
            child.tell(address.name());
            assertEquals("bound", child.answer());
            pipes.assertEchoes(address);
            child.tell("close");
            assertEquals("closed", child.answer());
        }
    }

    @Test
    void withoutJnaWhatNeedsItIsUnavailableAndSaysWhy() throws Exception {
        try (ChildJvm child = new ChildJvm(
                AvailabilityProgram.class, jar -> !jar.getFileName().toString().startsWith("jna"), Map.of())) {
            assertEquals("null", child.answer());
            for (String transport : List.of("FIFO", "mailslot", "child process", "standard streams")) {
                String cause = child.answer();
                boolean expected = cause.contains("com/sun/jna/")
                        || (OS.MAC.isCurrentOs() && transport.equals("mailslot") && cause.contains("exist on"));
                assertTrue(expected, transport + ": " + cause);
            }
            String refused = child.answer();
            assertTrue(refused.contains("FIFOs are not available") && refused.contains("com/sun/jna/"), refused);
            refused = child.answer();
            assertTrue(refused.contains("pipes that carry messages "), refused);
        }
    }

    @Test
    void aFifoInADirectoryThatOthersCanWriteToIsNotUsed() throws Exception {
        Path names = Files.createDirectory(directory.resolve("nettyipc"));
        Files.setPosixFilePermissions(names, PosixFilePermissions.fromString("rwxrwxrwx"));
        FifoAddress address = FifoAddress.of(names.resolve("log.fifo").toString());
        try (PipeFixture pipes = new PipeFixture();
                ChildJvm child = new ChildJvm(
                        UnixPeerProgram.class, jar -> true, Map.of("XDG_RUNTIME_DIR", directory.toString()))) {
            new Bootstrap()
                    .group(pipes.group())
                    .channel(Fifo.channelType())
                    .handler(new ChannelInboundHandlerAdapter())
                    .bind(address)
                    .sync();
            child.answer();

            child.tell("write-fifo log");

            String refused = child.answer();
            assertTrue(refused.contains("the directory for pipes is not safe"), refused);
            Files.setPosixFilePermissions(names, PosixFilePermissions.fromString("rwx------"));
            child.tell("write-fifo log");
            assertEquals("done", child.answer());
        }
    }

    @Test
    void theRuntimeDirectoryOfTheEnvironmentIsUsed() throws Exception {
        try (PipeFixture pipes = new PipeFixture();
                ChildJvm child = new ChildJvm(
                        BindingProgram.class, jar -> true, Map.of("XDG_RUNTIME_DIR", directory.toString()))) {
            child.answer();
            child.tell("orders");
            assertEquals("bound", child.answer());
            pipes.assertEchoes(NamedPipeAddress.of(
                    directory.resolve("nettyipc").resolve("orders.sock").toString()));
        }
    }
}
