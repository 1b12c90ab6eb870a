/* Copyright 2026 The Netty IPC Authors. Licensed under the Apache License, Version 2.0; see LICENSE. */
package io.nettyipc.examples.echo;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.nettyipc.pipe.NamedPipeAddress;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.OS;

/** Runs the example as its reader would: two programs, one typing. */
class EchoTest {
    @Test
    void theClientPrintsWhatTheServerInAnotherProcessSendsBack() throws Exception {
        String pipe = "echo-test-" + ProcessHandle.current().pid();
        Process server = java(PipeEchoServer.class, pipe);
        try {
            awaitLine(server, "echo server on ");
            Process client = java(EchoClient.class, pipe);
            try (var typing = client.outputWriter(StandardCharsets.UTF_8)) {
                typing.write("hello\nno\u00ebl\n");
            }
            String output = new String(client.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            assertTrue(client.waitFor(20, TimeUnit.SECONDS), output);
            assertEquals(0, client.exitValue(), output);
            assertEquals(
                    List.of("echo: hello", "echo: no\u00ebl"),
                    output.lines().filter(line -> line.startsWith("echo: ")).toList(),
                    output);
        } finally {
            server.destroyForcibly().waitFor();
            // A server that is killed leaves its socket file; the next server of that name would replace it.
            if (!OS.WINDOWS.isCurrentOs()) {
                Files.deleteIfExists(Path.of(NamedPipeAddress.of(pipe).path()));
            }
        }
    }

    private static void awaitLine(Process process, String start) throws IOException {
        BufferedReader output = process.inputReader(StandardCharsets.UTF_8);
        List<String> seen = new ArrayList<>();
        for (String line = output.readLine(); line != null; line = output.readLine()) {
            seen.add(line);
            if (line.startsWith(start)) {
                return;
            }
        }
        throw new AssertionError("the program ended without the line \"" + start + "\": " + seen);
    }

    private static Process java(Class<?> main, String argument) throws IOException {
        ProcessBuilder builder = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Dstdout.encoding=UTF-8",
                        "-Dfile.encoding=UTF-8",
                        main.getName(),
                        argument)
                .redirectErrorStream(true);
        builder.environment().put("CLASSPATH", System.getProperty("java.class.path"));
        return builder.start();
    }
}
