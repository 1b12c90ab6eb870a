/* Copyright 2026 The Netty IPC Authors. Licensed under the Apache License, Version 2.0; see LICENSE. */
package io.nettyipc.examples.file;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.nettyipc.examples.ExampleProgram;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class FileTest {
    @TempDir
    private Path directory;

    @ParameterizedTest
    @ValueSource(strings = {"pipe", "shm"})
    void theClientsCopyIsTheServersFile(String transport) throws Exception {
        byte[] content = new byte[20_000_001];
        new Random(1).nextBytes(content);
        Path served = Files.createDirectory(directory.resolve("served"));
        Files.write(served.resolve("data"), content);
        Path copy = directory.resolve("copy");
        String name = "file-test-" + ProcessHandle.current().pid();
        try (ExampleProgram server = new ExampleProgram(FileServer.class, transport, name, served.toString())) {
            server.awaitLine("file server on ");
            try (ExampleProgram client =
                    new ExampleProgram(FileClient.class, transport, name, "data", copy.toString())) {
                String output = client.awaitEnd();
                assertTrue(output.contains("OK: "), output);
            }
            assertEquals(-1, Files.mismatch(served.resolve("data"), copy));
            try (ExampleProgram client =
                    new ExampleProgram(FileClient.class, transport, name, "../copy", copy.toString())) {
                String output = client.awaitEnd();
                assertTrue(output.contains("PERMISSION_DENIED"), output);
            }
        }
    }
}
