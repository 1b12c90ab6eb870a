/* Copyright 2026 The Netty IPC Authors. Licensed under the Apache License, Version 2.0; see LICENSE. */
package io.nettyipc.pipe;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.nettyipc.base.testing.ChildJvm;
import io.nettyipc.pipe.unix.UnixTransport;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Portable names in processes with different environments, as login shells, services, cron and build tools have them.
 */
@DisabledOnOs(value = OS.WINDOWS, disabledReason = "names are no files there")
@Timeout(120)
class UnixNamesTest {
    private static final List<String> WITHOUT_VARIABLE = List.of("env", "-u", "XDG_RUNTIME_DIR");

    @TempDir
    Path directory;

    private static String answer(List<String> prefix, Map<String, String> environment, String... arguments)
            throws Exception {
        try (ChildJvm program = new ChildJvm(prefix, PlaceProgram.class, jar -> true, environment, arguments)) {
            return program.answer();
        }
    }

    private Map<String, String> variable() {
        return Map.of("XDG_RUNTIME_DIR", directory.toString());
    }

    private static ChildJvm server(List<String> prefix, Map<String, String> environment, String name) throws Exception {
        ChildJvm server = new ChildJvm(prefix, BindingProgram.class, jar -> true, environment);
        server.answer();
        server.tell(name);
        assertEquals("bound", server.answer());
        return server;
    }

    private static void end(ChildJvm server) throws InterruptedException {
        server.tell("close");
        assertEquals("closed", server.answer());
    }

    @Test
    void aServerWithoutTheVariableIsFoundByAClientThatHasItAndItsNameIsTaken() throws Exception {
        String name = PipeFixture.newName();
        try (ChildJvm server = server(WITHOUT_VARIABLE, Map.of(), name)) {
            assertEquals("connected", answer(List.of(), variable(), "connect", name));

            String refused = answer(List.of(), variable(), "bind", name);

            assertTrue(refused.contains("the address is in use") && refused.contains("XDG_RUNTIME_DIR"), refused);
            end(server);
        }
        assertEquals("bound", answer(List.of(), variable(), "bind", name));
    }

    @Test
    void aClientThatFindsNoServerSaysWhereItLooked() throws Exception {
        String name = PipeFixture.newName();
        try (ChildJvm server = server(List.of(), variable(), name)) {
            String failure = answer(WITHOUT_VARIABLE, Map.of(), "connect", name);

            assertTrue(failure.contains("there is no such pipe"), failure);
            assertTrue(failure.contains("XDG_RUNTIME_DIR is not set here"), failure);
            assertTrue(failure.contains("/tmp/nettyipc-" + Files.getAttribute(directory, "unix:uid")), failure);
            end(server);
        }
    }

    @Test
    void theTemporaryDirectoryOfAJvmDoesNotMatter() throws Exception {
        Map<String, String> other = Map.of("JAVA_TOOL_OPTIONS", "-Djava.io.tmpdir=" + directory);

        assertEquals(
                answer(WITHOUT_VARIABLE, Map.of(), "path", "orders"),
                answer(WITHOUT_VARIABLE, other, "path", "orders"));
    }

    @Test
    void aDirectoryThatMakesTheNameTooLongIsNotUsed() throws Exception {
        Path deep = Files.createDirectory(directory.resolve("x".repeat(100)));

        String path = answer(List.of(), Map.of("XDG_RUNTIME_DIR", deep.toString()), "path", "orders");

        assertTrue(path.endsWith("/orders.sock") && !path.startsWith(deep.toString()), path);
    }

    @Test
    @EnabledOnOs(value = OS.LINUX, disabledReason = "systemd-tmpfiles is Linux's")
    void theDirectoryIsHeldAgainstCleaningWhileAServerIsBound() throws Exception {
        assumeTrue(locks("/tmp"), "no flock");
        String names = directory.resolve("nettyipc").toString();
        try (ChildJvm server = server(List.of(), variable(), PipeFixture.newName())) {
            assertTrue(!locks(names), "a cleaner could remove it");
            end(server);
            assertTrue(locks(names), "still held");
        }
    }

    /** What systemd-tmpfiles does before it removes anything. */
    private static boolean locks(String directory) throws Exception {
        try {
            return new ProcessBuilder("flock", "--nonblock", "--exclusive", directory, "true")
                            .start()
                            .waitFor()
                    == 0;
        } catch (IOException e) {
            return false;
        }
    }

    @ParameterizedTest
    @MethodSource("io.nettyipc.pipe.UnixTransports#all")
    void aServerWhoseSocketFileIsRemovedIsTold(UnixTransport transport) throws Exception {
        try (PipeFixture pipes = new PipeFixture(transport)) {
            assertToldOfTheRemoval(pipes.server(new ChannelInboundHandlerAdapter()));
        }
    }

    @Test
    @EnabledOnOs(value = OS.LINUX, disabledReason = "only Linux has such sockets")
    void aServerOfMessagesWhoseSocketFileIsRemovedIsToldToo() throws Exception {
        try (PipeFixture pipes = new PipeFixture()) {
            assertToldOfTheRemoval(new ServerBootstrap()
                    .group(pipes.group())
                    .channel(NamedPipe.messageServerChannelType())
                    .childHandler(new ChannelInboundHandlerAdapter()));
        }
    }

    private void assertToldOfTheRemoval(ServerBootstrap bootstrap) throws Exception {
        BlockingQueue<Throwable> told = new LinkedBlockingQueue<>();
        System.setProperty("io.nettyipc.socket.checkSeconds", "1");
        try {
            Path path = directory.resolve("s");
            Channel server = bootstrap
                    .handler(new ChannelInboundHandlerAdapter() {
                        @Override
                        public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
                            told.add(cause);
                        }
                    })
                    .bind(NamedPipeAddress.of(path.toString()))
                    .sync()
                    .channel();

            Files.delete(path);

            Throwable cause = told.poll(20, TimeUnit.SECONDS);
            assertTrue(cause != null && cause.getMessage().contains("was removed"), () -> "told " + cause);
            server.close().sync();
        } finally {
            System.clearProperty("io.nettyipc.socket.checkSeconds");
        }
    }
}
