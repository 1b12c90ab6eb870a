/* Copyright 2026 The Netty IPC Authors. Licensed under the Apache License, Version 2.0; see LICENSE. */
package io.nettyipc.examples.vertx;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.nettyipc.examples.ExampleProgram;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class HelloVertxTest {
    @ParameterizedTest
    @ValueSource(strings = {"pipe", "shm"})
    void theClientIsGreetedByTheServerInAnotherProcess(String transport) throws Exception {
        String name = "hello-vertx-test-" + ProcessHandle.current().pid();
        try (ExampleProgram server = new ExampleProgram(HelloServer.class, transport, name)) {
            server.awaitLine("Vert.x server on ");
            try (ExampleProgram client = new ExampleProgram(HelloClient.class, transport, name)) {
                String greeting = client.awaitLine("Hello from ");
                assertTrue(greeting.contains("vert.x-eventloop-thread"), greeting);
                assertEquals(0, client.finish());
            }
        }
    }
}
