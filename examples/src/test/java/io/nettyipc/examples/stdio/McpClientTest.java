/* Copyright 2026 The Netty IPC Authors. Licensed under the Apache License, Version 2.0; see LICENSE. */
package io.nettyipc.examples.stdio;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.nettyipc.examples.ExampleProgram;
import io.nettyipc.process.ChildProcess;
import io.nettyipc.process.Stdio;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

@Timeout(120)
class McpClientTest {
    @TempDir
    Path directory;

    @BeforeEach
    void available() {
        assumeTrue(ChildProcess.isAvailable(), () -> "no child processes: " + ChildProcess.unavailabilityCause());
    }

    @Test
    void theExamplesServerAnswersAndEndsByItself() throws Exception {
        assumeTrue(Stdio.isAvailable(), () -> "the server needs it: " + Stdio.unavailabilityCause());
        try (ExampleProgram client = new ExampleProgram(McpClient.class)) {
            String answer = client.awaitLine("answer: ");

            assertTrue(answer.contains("\"serverInfo\":{\"name\":\"example\""), answer);
            assertEquals("exit code 0", client.awaitLine("exit code "));
        }
    }

    @Test
    void theExamplesServerAnswersALineThatIsNoTextAndTheNextOne() throws Exception {
        assumeTrue(Stdio.isAvailable(), () -> "the server needs it: " + Stdio.unavailabilityCause());
        try (ExampleProgram server = new ExampleProgram(McpServer.class)) {
            server.type(new byte[] {(byte) 0xFF, (byte) 0xFE, '\n'});
            server.type("{\"jsonrpc\":\"2.0\",\"id\":7,\"method\":\"initialize\"}");

            String error = server.awaitLine("{\"jsonrpc\":\"2.0\",\"id\":null");
            assertTrue(error.contains("-32700"), error);
            String answer = server.awaitLine("{\"jsonrpc\":\"2.0\",\"id\":7");
            assertTrue(answer.contains("serverInfo"), answer);
            assertEquals(0, server.finish());
        }
    }

    @Test
    @DisabledOnOs(value = OS.WINDOWS, disabledReason = "a shell plays the server")
    void theClientEndsWhenTheServerWritesALineThatIsNoText() throws Exception {
        // It goes on until the client closes its standard input.
        try (ExampleProgram client =
                new ExampleProgram(McpClient.class, "/bin/sh", "-c", "printf '\\377\\376\\n'; exec cat >/dev/null")) {
            assertEquals("exit code 0", client.awaitLine("exit code "));
        }
    }

    /** The Model Context Protocol's own server for files, from npm. */
    @Test
    void aRealMcpServerAnswersInitialize() throws Exception {
        String servers = System.getenv("NETTYIPC_STDIO_SERVERS");
        assumeTrue(servers != null, "NETTYIPC_STDIO_SERVERS doesn't say where .ci/stdio-servers has installed servers");
        Path server =
                Path.of(servers, "node_modules", "@modelcontextprotocol", "server-filesystem", "dist", "index.js");
        assumeTrue(Files.exists(server), server + " isn't installed: run .ci/stdio-servers");
        String node = System.getProperty("nettyipc.node", "node");
        try (ExampleProgram client =
                new ExampleProgram(McpClient.class, node, server.toString(), directory.toString())) {
            String answer = client.awaitLine("answer: ");

            assertTrue(answer.contains("\"result\":{"), answer);
            assertTrue(answer.contains("\"serverInfo\":{\"name\":\"secure-filesystem-server\""), answer);
            client.awaitLine("exit code ");
        }
    }
}
