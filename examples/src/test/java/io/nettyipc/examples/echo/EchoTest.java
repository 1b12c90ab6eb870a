/* Copyright 2026 The Netty IPC Authors. Licensed under the Apache License, Version 2.0; see LICENSE. */
package io.nettyipc.examples.echo;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.nettyipc.examples.ExampleProgram;
import io.nettyipc.pipe.NamedPipeAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.OS;

@Timeout(120)
class EchoTest {
    private final String name = "echo-test-" + ProcessHandle.current().pid();

    /** A server that is killed leaves its socket file; the next server of that name would replace it. */
    @AfterEach
    void removeSockets() throws Exception {
        if (!OS.WINDOWS.isCurrentOs()) {
            Files.deleteIfExists(Path.of(NamedPipeAddress.of(name).path()));
            Files.deleteIfExists(Path.of(NamedPipeAddress.of(name + "-shm").path()));
        }
    }

    @Test
    void theClientPrintsWhatTheServerInAnotherProcessSendsBack() throws Exception {
        try (ExampleProgram server = new ExampleProgram(PipeEchoServer.class, name)) {
            server.awaitLine("echo server on ");
            assertEchoes(name);
        }
    }

    @Test
    void theSameOverSharedMemory() throws Exception {
        try (ExampleProgram server = new ExampleProgram(ShmEchoServer.class, name)) {
            server.awaitLine("echo server on shm:");
            assertEchoes("shm:" + name);
        }
    }

    @Test
    void oneServerAnswersOnTcpPipeAndSharedMemory() throws Exception {
        try (ExampleProgram server = new ExampleProgram(ThreeDoorsEchoServer.class, name, "0")) {
            String tcp = server.awaitLine("echo server on ");
            server.awaitLine("Ctrl-C ends it");
            assertEchoes("tcp:" + tcp.substring(tcp.lastIndexOf(':') + 1));
            assertEchoes(name);
            assertEchoes("shm:" + name + "-shm");
        }
    }

    private static void assertEchoes(String server) throws Exception {
        try (ExampleProgram client = new ExampleProgram(EchoClient.class, server)) {
            client.type("hello");
            client.type("no\u00ebl");
            assertEquals("echo: hello", client.awaitLine("echo: "));
            assertEquals("echo: no\u00ebl", client.awaitLine("echo: "));
            assertEquals(0, client.finish());
        }
    }
}
