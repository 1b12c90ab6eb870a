/* Copyright 2026 The Netty IPC Authors. Licensed under the Apache License, Version 2.0; see LICENSE. */
package io.nettyipc.examples.echo;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.nettyipc.examples.ExampleProgram;
import io.nettyipc.pipe.NamedPipeAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.OS;

@Timeout(120)
class EchoTest {
    @Test
    void theClientPrintsWhatTheServerInAnotherProcessSendsBack() throws Exception {
        String pipe = "echo-test-" + ProcessHandle.current().pid();
        try (ExampleProgram server = new ExampleProgram(PipeEchoServer.class, pipe)) {
            server.awaitLine("echo server on ");
            try (ExampleProgram client = new ExampleProgram(EchoClient.class, pipe)) {
                client.type("hello");
                client.type("no\u00ebl");
                assertEquals("echo: hello", client.awaitLine("echo: "));
                assertEquals("echo: no\u00ebl", client.awaitLine("echo: "));
                assertEquals(0, client.finish());
            }
        } finally {
            // A server that is killed leaves its socket file; the next server of that name would replace it.
            if (!OS.WINDOWS.isCurrentOs()) {
                Files.deleteIfExists(Path.of(NamedPipeAddress.of(pipe).path()));
            }
        }
    }
}
