/* Copyright 2026 The Netty IPC Authors. Licensed under the Apache License, Version 2.0; see LICENSE. */
package io.nettyipc.examples.ssh;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.nettyipc.examples.ExampleProgram;
import java.io.BufferedReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

@DisabledOnOs(value = OS.WINDOWS, disabledReason = "needs the service of OpenSSH, which Wine doesn't have")
class SshAgentClientTest {
    @Test
    void withoutAnAgentItSaysWhatIsMissing() throws Exception {
        assumeTrue(System.getenv("SSH_AUTH_SOCK") == null, "this session has an agent");
        try (ExampleProgram client = new ExampleProgram(SshAgentClient.class)) {
            client.awaitLine("SSH_AUTH_SOCK is not set: ");
        }
    }

    @Test
    void theAgentsKeyIsListed(@TempDir Path directory) throws Exception {
        assumeTrue(Files.isExecutable(Path.of("/usr/bin/ssh-agent")), "OpenSSH is not installed");
        Path socket = directory.resolve("agent");
        Map<String, String> environment = Map.of("SSH_AUTH_SOCK", socket.toString());
        Process agent = new ProcessBuilder("ssh-agent", "-D", "-a", socket.toString())
                .redirectErrorStream(true)
                .start();
        try {
            // What it prints first, it prints when it listens.
            BufferedReader output = agent.inputReader();
            assertTrue(output.readLine().contains("SSH_AUTH_SOCK"));
            String key = directory.resolve("key").toString();
            run(environment, "ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-C", "somebody@here", "-f", key);
            run(environment, "ssh-add", "-q", key);
            try (ExampleProgram client = new ExampleProgram(environment, SshAgentClient.class)) {
                // Newer JVMs print warnings of native libraries before it.
                String printed = client.awaitEnd();
                assertTrue(printed.endsWith("keys: 1\nssh-ed25519 somebody@here\n"), printed);
            }
        } finally {
            agent.destroy();
            assertTrue(agent.waitFor(10, TimeUnit.SECONDS));
        }
    }

    private static void run(Map<String, String> environment, String... command) throws Exception {
        ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
        builder.environment().putAll(environment);
        Process process = builder.start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertEquals(0, process.waitFor(), output);
    }
}
