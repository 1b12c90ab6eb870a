/* Copyright 2026 The Netty IPC Authors. Licensed under the Apache License, Version 2.0; see LICENSE. */
package io.nettyipc.examples.rsocket;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.nettyipc.examples.ExampleProgram;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class QuoteTest {
    @ParameterizedTest
    @ValueSource(strings = {"pipe", "shm"})
    void theClientGetsAQuoteAndAsManyOfTheStreamAsItTakes(String transport) throws Exception {
        String name = "quote-test-" + ProcessHandle.current().pid();
        try (ExampleProgram server = new ExampleProgram(QuoteServer.class, transport, name)) {
            server.awaitLine("RSocket server on ");
            try (ExampleProgram client = new ExampleProgram(QuoteClient.class, transport, name, "100")) {
                assertEquals("quote: NETTY 100 #0", client.awaitLine("quote: "));
                for (int number = 1; number <= 100; number++) {
                    assertEquals("quote: IPC " + (100 + number % 7) + " #" + number, client.awaitLine("quote: "));
                }
                assertEquals(0, client.finish());
            }
        }
    }
}
