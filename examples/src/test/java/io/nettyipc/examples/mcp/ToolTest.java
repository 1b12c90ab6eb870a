/* Copyright 2026 The Netty IPC Authors. Licensed under the Apache License, Version 2.0; see LICENSE. */
package io.nettyipc.examples.mcp;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.nettyipc.examples.ExampleProgram;
import org.junit.jupiter.api.Test;

class ToolTest {
    @Test
    void theClientFindsTheToolAndEachClientGetsItsAnswer() throws Exception {
        String name = "mcp-test-" + ProcessHandle.current().pid();
        try (ExampleProgram server = new ExampleProgram(ToolServer.class, "pipe", name)) {
            server.awaitLine("MCP server on ");
            try (ExampleProgram first = new ExampleProgram(ToolClient.class, "pipe", name, "one two  three");
                    ExampleProgram second = new ExampleProgram(ToolClient.class, "pipe", name, "words")) {
                first.awaitLine("connected to tools");
                second.awaitLine("connected to tools");
                first.awaitLine("tool count-words: Counts the words of a text");
                assertEquals("answer: 3 words", first.awaitLine("answer: "));
                assertEquals("answer: 1 words", second.awaitLine("answer: "));
                assertEquals(0, first.finish());
                assertEquals(0, second.finish());
            }
        }
    }
}
