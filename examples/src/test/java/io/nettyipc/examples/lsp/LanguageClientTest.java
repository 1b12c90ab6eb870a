/* Copyright 2026 The Netty IPC Authors. Licensed under the Apache License, Version 2.0; see LICENSE. */
package io.nettyipc.examples.lsp;

import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.nettyipc.examples.ExampleProgram;
import io.nettyipc.examples.JavaProgram;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class LanguageClientTest {
    @Test
    void theExamplesServerFindsTheMistakeAndEndsByItself() throws Exception {
        try (ExampleProgram client = new ExampleProgram(LanguageClient.class)) {
            String output = client.awaitEnd();
            assertTrue(output.contains("\"textDocumentSync\":1"), output);
            assertTrue(output.contains("nobody closes this bracket"), output);
            assertTrue(output.contains("the server has ended with 0"), output);
        }
    }

    /** VS Code's library listens at a name of its own choice and speaks first. */
    @Test
    void theExamplesServerIsStartedByTheLibraryOfVsCode() throws Exception {
        Path modules = nodeModules();
        List<String> command = new ArrayList<>(List.of(
                System.getProperty("nettyipc.node", "node"),
                Path.of(LanguageClientTest.class.getResource("editor.js").toURI())
                        .toString(),
                modules.resolve("vscode-jsonrpc").toString()));
        command.addAll(JavaProgram.command(BracketServer.class));
        try (ExampleProgram editor = new ExampleProgram(command)) {
            String output = editor.awaitEnd();
            assertTrue(output.contains("nobody closes this bracket at 2:1"), output);
            assertTrue(output.contains("the server has ended with 0"), output);
        }
    }

    /** A language server from npm, made with vscode-languageserver. */
    @Test
    void theServerInitializesOverThePipeAndFindsTheMistake() throws Exception {
        Path server = nodeModules().resolve(Path.of("vscode-json-languageserver", "bin", "vscode-json-languageserver"));
        assertTrue(Files.exists(server), server::toString);
        try (ExampleProgram client = new ExampleProgram(
                LanguageClient.class, System.getProperty("nettyipc.node", "node"), server.toString())) {
            String output = client.awaitEnd();
            assertTrue(output.contains("\"capabilities\":{"), output);
            assertTrue(output.contains("Expected comma or closing bracket"), output);
            assertTrue(output.contains("the server has ended with 0"), output);
        }
    }

    private static Path nodeModules() {
        String servers = System.getenv("NETTYIPC_STDIO_SERVERS");
        assumeTrue(servers != null, "NETTYIPC_STDIO_SERVERS doesn't say where .ci/stdio-servers has installed servers");
        return Path.of(servers, "node_modules");
    }
}
