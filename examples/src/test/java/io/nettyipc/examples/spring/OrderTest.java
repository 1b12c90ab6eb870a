/* Copyright 2026 The Netty IPC Authors. Licensed under the Apache License, Version 2.0; see LICENSE. */
package io.nettyipc.examples.spring;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.nettyipc.examples.ExampleProgram;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;

class OrderTest {
    @Test
    @DisabledOnOs(value = OS.WINDOWS, disabledReason = "SpringWebFluxTest has such an application there")
    void theClientGetsItsOrderOverSharedMemory() throws Exception {
        String name = "order-test-" + ProcessHandle.current().pid();
        try (ExampleProgram server = new ExampleProgram(OrderServer.class, "--transport=shm", "--name=" + name)) {
            server.awaitLine("orders are served");
            try (ExampleProgram client = new ExampleProgram(OrderClient.class, "shm", name, "7")) {
                assertEquals("received Order[id=7, text=order 7]", client.awaitLine("received "));
                assertEquals(0, client.finish());
            }
        }
    }
}
