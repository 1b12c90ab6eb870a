/* Copyright 2026 The Netty IPC Authors. Licensed under the Apache License, Version 2.0; see LICENSE. */
package io.nettyipc.examples.fifo;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.nettyipc.examples.ExampleProgram;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

@DisabledOnOs(value = OS.WINDOWS, disabledReason = "Windows has no FIFOs")
@Timeout(120)
class LogReaderTest {
    @TempDir
    Path directory;

    @Test
    void itPrintsEachWritersLineWithTheTime() throws Exception {
        Path log = directory.resolve("log");
        try (ExampleProgram reader = new ExampleProgram(LogReader.class, log.toString())) {
            reader.awaitLine("reading ");
            for (String line : new String[] {"one", "two"}) {
                assertEquals(
                        0,
                        new ProcessBuilder("sh", "-c", "echo " + line + " > " + log)
                                .start()
                                .waitFor());
                String printed = reader.awaitLine("");
                assertTrue(printed.matches("\\d\\d:\\d\\d(:\\d\\d)? " + line), printed);
            }
        }
    }
}
