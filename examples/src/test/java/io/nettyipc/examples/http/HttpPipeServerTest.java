/* Copyright 2026 The Netty IPC Authors. Licensed under the Apache License, Version 2.0; see LICENSE. */
package io.nettyipc.examples.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.nettyipc.pipe.NamedPipe;
import io.nettyipc.pipe.NamedPipeAddress;
import java.io.IOException;
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
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;

@DisabledOnOs(value = OS.WINDOWS, disabledReason = "curl cannot open a Windows named pipe")
class HttpPipeServerTest {
    private final NamedPipeAddress address =
            NamedPipeAddress.of("http-test-" + ProcessHandle.current().pid());
    private EventLoopGroup group;

    @BeforeEach
    void start() throws InterruptedException {
        group = new MultiThreadIoEventLoopGroup(NamedPipe.newIoHandlerFactory());
        HttpPipeServer.start(group, address);
    }

    @AfterEach
    void stop() {
        group.shutdownGracefully(0, 5, TimeUnit.SECONDS).awaitUninterruptibly();
    }

    @Test
    void curlGetsAnAnswerOverThePipe() throws Exception {
        String answer = curl("http://localhost/orders?id=7");

        assertTrue(answer.startsWith("GET /orders?id=7, 0 bytes, from "), answer);
        assertTrue(answer.contains("user=" + System.getProperty("user.name")), answer);
    }

    @Test
    void curlPostsABodyLargerThanASocketBuffer() throws Exception {
        byte[] body = new byte[1_000_000];
        new Random(1).nextBytes(body);
        Path file = Files.createTempFile("body", null);
        try {
            Files.write(file, body);
            String answer = curl("--data-binary", "@" + file, "http://localhost/upload");

            assertTrue(answer.startsWith("POST /upload, 1000000 bytes, "), answer);
        } finally {
            Files.delete(file);
        }
    }

    @Test
    void oneConnectionServesSeveralRequests() throws Exception {
        String answer = curl("--write-out", "connects=%{num_connects} ", "http://localhost/1", "http://localhost/2");

        assertTrue(answer.contains("connects=1 GET /2"), answer);
        assertTrue(answer.endsWith("connects=0 "), answer);
    }

    private String curl(String... arguments) throws IOException, InterruptedException {
        List<String> command =
                new ArrayList<>(List.of("curl", "-sS", "--max-time", "20", "--unix-socket", address.path()));
        command.addAll(List.of(arguments));
        Process curl;
        try {
            curl = new ProcessBuilder(command).redirectErrorStream(true).start();
        } catch (IOException e) {
            assumeTrue(false, "curl is not installed: " + e.getMessage());
            throw e;
        }
        String output = new String(curl.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertEquals(0, curl.waitFor(), output);
        return output;
    }
}
