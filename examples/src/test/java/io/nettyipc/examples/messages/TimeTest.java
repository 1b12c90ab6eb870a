/* Copyright 2026 The Netty IPC Authors. Licensed under the Apache License, Version 2.0; see LICENSE. */
package io.nettyipc.examples.messages;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.nettyipc.examples.ExampleProgram;
import java.time.ZonedDateTime;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

@Timeout(120)
class TimeTest {
    @Test
    @EnabledOnOs({OS.WINDOWS, OS.LINUX})
    void theClientPrintsTheServersAnswers() throws Exception {
        String pipe = "time-test-" + ProcessHandle.current().pid();
        try (ExampleProgram server = new ExampleProgram(TimeServer.class, pipe)) {
            server.awaitLine("time server on ");
            try (ExampleProgram client = new ExampleProgram(TimeClient.class, pipe)) {
                client.type("UTC");
                String time = client.awaitLine("time: ").substring("time: ".length());
                assertTrue(ZonedDateTime.parse(time).getYear() >= 2026, time);
                client.type("Atlantis");
                assertEquals("time: no such zone: Atlantis", client.awaitLine("time: "));
                assertEquals(0, client.finish());
            }
        }
    }
}
