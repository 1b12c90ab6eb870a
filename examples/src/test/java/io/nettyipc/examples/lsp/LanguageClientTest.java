/* Copyright 2026 The Netty IPC Authors. Licensed under the Apache License, Version 2.0; see LICENSE. */
package io.nettyipc.examples.lsp;

import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.nettyipc.examples.ExampleProgram;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/** A language server from npm, made with vscode-languageserver. */
class LanguageClientTest {
    @Test
    void theServerInitializesOverThePipeAndFindsTheMistake() throws Exception {
        String servers = System.getenv("NETTYIPC_STDIO_SERVERS");
        assumeTrue(servers != null, "NETTYIPC_STDIO_SERVERS doesn't say where .ci/stdio-servers has installed servers");
        Path server =
                Path.of(servers, "node_modules", "vscode-json-languageserver", "bin", "vscode-json-languageserver");
        assertTrue(Files.exists(server), server::toString);
        try (ExampleProgram client = new ExampleProgram(
                LanguageClient.class, System.getProperty("nettyipc.node", "node"), server.toString())) {
            String output = client.awaitEnd();
            assertTrue(output.contains("\"capabilities\":{"), output);
            assertTrue(output.contains("Expected comma or closing bracket"), output);
            assertTrue(output.contains("the server has ended with 0"), output);
        }
    }
}
