/* Copyright 2026 The Netty IPC Authors. Licensed under the Apache License, Version 2.0; see LICENSE. */
package io.nettyipc.examples.grpc;

import static org.junit.jupiter.api.Assertions.assertTrue;

import io.nettyipc.examples.ExampleProgram;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class HelloTest {
    @ParameterizedTest
    @ValueSource(strings = {"npipe", "shm"})
    void theClientIsGreetedByTheServerInAnotherProcess(String scheme) throws Exception {
        String target = scheme + ":hello-test-" + ProcessHandle.current().pid();
        try (ExampleProgram server = new ExampleProgram(HelloServer.class, target)) {
            server.awaitLine("gRPC server on ");
            try (ExampleProgram client = new ExampleProgram(HelloClient.class, target, "test")) {
                String output = client.awaitEnd();
                assertTrue(output.contains("Hello, test!"), output);
                server.awaitLine("called by NamedPipePeer[user=");
            }
        }
    }
}
