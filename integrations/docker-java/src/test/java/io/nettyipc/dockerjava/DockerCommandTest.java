/* Copyright 2026 The Netty IPC Authors. Licensed under the Apache License, Version 2.0; see LICENSE. */
package io.nettyipc.dockerjava;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The {@code docker} command line, on a server of ours. */
class DockerCommandTest {

    @TempDir
    private Path directory;

    private DockerApiServer server;

    @BeforeEach
    void start() throws InterruptedException {
        assumeTrue(isInstalled(), "no docker command on the path: Debian has it in docker.io, or docker-cli");
        server = new DockerApiServer("unix://" + directory.resolve("docker.sock"));
    }

    @AfterEach
    void stop() {
        if (server != null) {
            server.close();
        }
    }

    private static boolean isInstalled() throws InterruptedException {
        try {
            return new ProcessBuilder("docker", "--version")
                            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                            .start()
                            .waitFor()
                    == 0;
        } catch (IOException e) {
            return false;
        }
    }

    @Test
    void threeMegabytesOfInputComeBackAndItsEndIsSeen() throws Exception {
        byte[] input = new byte[3_000_000];
        new Random(3).nextBytes(input);

        Result result = docker(input, "exec", "-i", "box", "cat");

        assertEquals("", result.error);
        assertEquals(0, result.code);
        assertArrayEquals(input, result.output.toByteArray());
    }

    @Test
    void theExitCodeAndBothOutputsAreTheProgramsOwn() throws Exception {
        Result result = docker(new byte[1_234_567], "exec", "-i", "box", "count");

        assertEquals("1234567\n", result.output.toString(StandardCharsets.ISO_8859_1));
        assertEquals("counted\n", result.error);
        assertEquals(7, result.code);
    }

    @Test
    void aProgramThatDoesNotReadItsInputEndsTheCommand() throws Exception {
        Result result = docker(new byte[100], "exec", "-i", "box", "fail");

        assertEquals("fail: cannot\n", result.error);
        assertEquals(42, result.code);
    }

    @Test
    void aContainerThatIsNotThereIsTheDaemonsError() throws Exception {
        Result result = docker(new byte[0], "exec", "nobody", "cat");

        assertTrue(result.error.contains("No such container: nobody"), result.error);
        assertEquals(1, result.code);
    }

    private record Result(ByteArrayOutputStream output, String error, int code) {}

    private Result docker(byte[] input, String... arguments) throws Exception {
        List<String> command = new ArrayList<>(List.of("docker", "-H", "unix://" + directory.resolve("docker.sock")));
        command.addAll(List.of(arguments));
        Path output = directory.resolve("out");
        Path error = directory.resolve("err");
        ProcessBuilder builder =
                new ProcessBuilder(command).redirectOutput(output.toFile()).redirectError(error.toFile());
        // What this user has set up for other daemons doesn't count.
        builder.environment().keySet().removeIf(name -> name.startsWith("DOCKER_"));
        builder.environment().put("DOCKER_CONFIG", directory.toString());
        Process docker = builder.start();
        try (OutputStream stdin = docker.getOutputStream()) {
            stdin.write(input);
        } catch (IOException e) {
            // The program has ended before it read all.
        }
        try {
            assertTrue(docker.waitFor(60, TimeUnit.SECONDS), "docker doesn't end");
            return new Result(read(output), Files.readString(error), docker.exitValue());
        } finally {
            docker.destroyForcibly();
        }
    }

    private static ByteArrayOutputStream read(Path file) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        Files.copy(file, bytes);
        return bytes;
    }
}
