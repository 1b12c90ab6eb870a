/* Copyright 2026 The Netty IPC Authors. Licensed under the Apache License, Version 2.0; see LICENSE. */
package io.nettyipc.dockerjava;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.github.dockerjava.api.DockerClient;
import com.github.dockerjava.api.async.ResultCallback;
import com.github.dockerjava.api.exception.BadRequestException;
import com.github.dockerjava.api.exception.NotFoundException;
import com.github.dockerjava.api.model.Frame;
import com.github.dockerjava.api.model.StreamType;
import com.github.dockerjava.core.DefaultDockerClientConfig;
import com.github.dockerjava.core.DockerClientConfig;
import com.github.dockerjava.core.DockerClientImpl;
import com.github.dockerjava.transport.DockerHttpClient;
import io.nettyipc.base.testing.ChildJvm;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.PipedInputStream;
import java.io.PipedOutputStream;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** docker-java here, {@link DockerApiServer} in another JVM. */
class LocalDockerHttpClientTest {

    private static final boolean WINDOWS = System.getProperty("os.name").startsWith("Windows");

    @TempDir
    private static Path directory;

    private static ChildJvm server;
    private static DockerClientConfig config;
    private static DockerHttpClient http;
    private static DockerClient docker;

    @BeforeAll
    static void start() throws Exception {
        String host = host("docker-test");
        server = new ChildJvm(DockerApiServer.class, host);
        assertEquals("listens", server.answer());
        config = DefaultDockerClientConfig.createDefaultConfigBuilder()
                .withDockerHost(host)
                .withDockerTlsVerify(false)
                .build();
        http = LocalDockerHttpClient.connectingTo(config.getDockerHost())
                .connectionTimeout(Duration.ofSeconds(20))
                .build();
        docker = DockerClientImpl.getInstance(config, http);
    }

    @AfterAll
    static void stop() throws IOException {
        docker.close();
        server.close();
    }

    @Test
    void aDaemonIsAskedForItsVersion() {
        docker.pingCmd().exec();
        assertEquals("1.44", docker.versionCmd().exec().getApiVersion());
        assertEquals("box", docker.inspectContainerCmd("box").exec().getId());
    }

    @Test
    void anErrorOfTheDaemonIsDockerJavasException() {
        NotFoundException e = assertThrows(
                NotFoundException.class,
                () -> docker.inspectContainerCmd("nobody").exec());

        assertTrue(e.getMessage().contains("No such container"), e::getMessage);
    }

    @Test
    void anExecGetsItsInputToTheEndAndGivesItsOutputAndExitCode() throws Exception {
        byte[] input = new byte[3_000_000];
        new Random(3).nextBytes(input);

        Output output = new Output();
        String exec = exec("cat");
        start(exec, new ByteArrayInputStream(input), output);
        assertArrayEquals(input, output.stdout.toByteArray());
        assertEquals(0, docker.inspectExecCmd(exec).exec().getExitCodeLong());

        output = new Output();
        exec = exec("count");
        start(exec, new ByteArrayInputStream(input), output);
        assertEquals("3000000\n", output.stdout.toString(StandardCharsets.UTF_8));
        assertEquals("counted\n", output.stderr.toString(StandardCharsets.UTF_8));
        assertEquals(7, docker.inspectExecCmd(exec).exec().getExitCodeLong());
    }

    @Test
    void anExecThatEndsByItselfDoesNotWaitForItsInput() throws Exception {
        try (PipedOutputStream open = new PipedOutputStream();
                InputStream input = new PipedInputStream(open)) {
            Output output = new Output();
            String exec = exec("fail");
            start(exec, input, output);

            assertEquals("fail: cannot\n", output.stderr.toString(StandardCharsets.UTF_8));
            assertEquals(42, docker.inspectExecCmd(exec).exec().getExitCodeLong());
        }
    }

    @Test
    void anInputThatFailsFailsTheExec() throws Exception {
        RuntimeException failure = new IllegalStateException("as if");
        Output output = new Output();
        docker.execStartCmd(exec("cat"))
                .withStdIn(new InputStream() {
                    @Override
                    public int read() {
                        throw failure;
                    }

                    @Override
                    public int read(byte[] target, int offset, int length) {
                        throw failure;
                    }
                })
                .exec(output);

        Exception told = assertThrows(Exception.class, () -> output.awaitCompletion(60, TimeUnit.SECONDS));
        assertTrue(told.toString().contains("as if"), told::toString);
    }

    @Test
    void whatIsTypedAtAnAttachedContainerComesBackAtOnce() throws Exception {
        Output output = new Output();
        try (PipedOutputStream terminal = new PipedOutputStream()) {
            docker.attachContainerCmd("box")
                    .withStdIn(new PipedInputStream(terminal))
                    .withStdOut(true)
                    .withFollowStream(true)
                    .exec(output);
            for (String line : new String[] {"one\n", "two\n"}) {
                terminal.write(line.getBytes(StandardCharsets.UTF_8));
                terminal.flush();
                output.awaitStdout(line);
            }
        }

        assertTrue(output.awaitCompletion(20, TimeUnit.SECONDS));
    }

    @Test
    void anAttachedContainerIsLeftByClosingTheCallback() throws Exception {
        try (PipedOutputStream terminal = new PipedOutputStream();
                InputStream input = new PipedInputStream(terminal)) {
            Output output = new Output();
            docker.attachContainerCmd("box")
                    .withStdIn(input)
                    .withStdOut(true)
                    .withFollowStream(true)
                    .exec(output);
            terminal.write('x');
            terminal.flush();
            output.awaitStdout("x");

            output.close();

            assertTrue(output.awaitCompletion(20, TimeUnit.SECONDS));
        }
    }

    @Test
    void aSlowReaderGetsEachLineOfALog() throws Exception {
        CountDownLatch half = new CountDownLatch(DockerApi.LOG_LINES / 2);
        Output output = new Output() {
            @Override
            public void onNext(Frame frame) {
                super.onNext(frame);
                half.countDown();
                if (half.getCount() % 100 == 1) {
                    docker.pingCmd().exec();
                }
            }
        };
        docker.logContainerCmd("box").withStdOut(true).exec(output);
        assertTrue(output.awaitCompletion(60, TimeUnit.SECONDS));

        StringBuilder expected = new StringBuilder();
        for (int line = 0; line < DockerApi.LOG_LINES; line++) {
            expected.append("line ").append(line).append('\n');
        }
        assertEquals(expected.toString(), output.stdout.toString(StandardCharsets.UTF_8));
    }

    @Test
    void anImageIsSentAsAStream() throws Exception {
        DockerHttpClient.Request request = load("/images/load", 20_000_000);
        try (DockerHttpClient.Response response = http.execute(request)) {
            assertEquals(200, response.getStatusCode());
            assertEquals(
                    "{\"stream\":\"loaded 20000000 bytes\"}",
                    new String(response.getBody().readAllBytes(), StandardCharsets.UTF_8));
        }
    }

    @Test
    void theAnswerOfADaemonThatDoesNotWantTheWholeRequestIsRead() throws Exception {
        try (DockerHttpClient.Response response = http.execute(load("/images/load?quiet=refuse", 20_000_000))) {
            assertEquals(400, response.getStatusCode());
            assertTrue(new String(response.getBody().readAllBytes(), StandardCharsets.UTF_8).contains("please"));
        }
    }

    @Test
    void aHeadRequestHasHeadersOnly() throws Exception {
        DockerHttpClient.Request head =
                DockerHttpClient.Request.builder().method("HEAD").path("/_ping").build();
        try (DockerHttpClient.Response response = http.execute(head)) {
            assertEquals("1.44", response.getHeader("api-version"));
            assertEquals(-1, response.getBody().read());
        }
    }

    @Test
    void fiftyThreadsAskAtATime() throws Exception {
        Thread[] threads = new Thread[50];
        CountDownLatch right = new CountDownLatch(threads.length * 40);
        for (int i = 0; i < threads.length; i++) {
            threads[i] = new Thread(() -> {
                for (int call = 0; call < 40; call++) {
                    if (docker.versionCmd().exec().getApiVersion().equals("1.44")) {
                        right.countDown();
                    }
                }
            });
            threads[i].start();
        }
        assertTrue(right.await(60, TimeUnit.SECONDS), () -> right.getCount() + " calls failed");
        for (Thread thread : threads) {
            thread.join();
        }
    }

    @Test
    void withoutADaemonTheAddressIsNamed() throws Exception {
        URI nowhere = URI.create(
                WINDOWS ? "npipe:////./pipe/docker-nobody" : "unix://" + directory.resolve("docker-nobody.sock"));
        try (DockerHttpClient lost = LocalDockerHttpClient.connectingTo(nowhere).build()) {
            UncheckedIOException e = assertThrows(
                    UncheckedIOException.class,
                    () -> lost.execute(DockerHttpClient.Request.builder()
                            .method(DockerHttpClient.Request.Method.GET)
                            .path("/_ping")
                            .build()));

            assertTrue(e.getMessage().startsWith("GET /_ping: can't connect to Docker at "), e::getMessage);
            assertTrue(e.getMessage().contains("docker-nobody"), e::getMessage);
        }
    }

    @Test
    void aDaemonThatWasKilledAndIsBackIsAskedAgain() throws Exception {
        String host = host("docker-killed");
        DockerHttpClient.Request ping = DockerHttpClient.Request.builder()
                .method(DockerHttpClient.Request.Method.GET)
                .path("/_ping")
                .build();
        try (DockerHttpClient patient = LocalDockerHttpClient.connectingTo(URI.create(host))
                .connectionTimeout(Duration.ofSeconds(20))
                .build()) {
            try (ChildJvm daemon = new ChildJvm(DockerApiServer.class, host)) {
                assertEquals("listens", daemon.answer());
                assertEquals(200, statusOf(patient, ping));
                daemon.kill();
            }
            assertThrows(UncheckedIOException.class, () -> patient.execute(ping));
            try (ChildJvm daemon = new ChildJvm(DockerApiServer.class, host)) {
                assertEquals("listens", daemon.answer());
                assertEquals(200, statusOf(patient, ping));
            }
        }
    }

    private static int statusOf(DockerHttpClient client, DockerHttpClient.Request request) {
        try (DockerHttpClient.Response response = client.execute(request)) {
            return response.getStatusCode();
        }
    }

    private static String host(String name) {
        return WINDOWS
                ? "npipe:////./pipe/" + name + "-" + ProcessHandle.current().pid()
                : "unix://" + directory.resolve(name + ".sock");
    }

    @Test
    void aHostThatIsNoPipeIsRefused() {
        IllegalArgumentException e = assertThrows(
                IllegalArgumentException.class,
                () -> LocalDockerHttpClient.connectingTo(URI.create("tcp://localhost:2375")));

        assertTrue(e.getMessage().contains("tcp"), e::getMessage);
        assertFalse(e.getMessage().isBlank());
    }

    @Test
    void aRefusedCommandIsABadRequest() {
        assertThrows(
                BadRequestException.class,
                () -> docker.execCreateCmd("box").withCmd("!").exec());
    }

    private static DockerHttpClient.Request load(String path, long length) {
        return DockerHttpClient.Request.builder()
                .method(DockerHttpClient.Request.Method.POST)
                .path(path)
                .body(new Zeros(length))
                .build();
    }

    private static String exec(String command) {
        return docker.execCreateCmd("box")
                .withAttachStdin(true)
                .withAttachStdout(true)
                .withAttachStderr(true)
                .withCmd(command)
                .exec()
                .getId();
    }

    private static void start(String exec, InputStream input, Output output) throws Exception {
        docker.execStartCmd(exec).withStdIn(input).exec(output);
        assertTrue(output.awaitCompletion(60, TimeUnit.SECONDS));
    }

    private static final class Zeros extends InputStream {
        private long left;

        Zeros(long length) {
            left = length;
        }

        @Override
        public int read() {
            return left-- > 0 ? 0 : -1;
        }

        @Override
        public int read(byte[] target, int offset, int length) {
            int count = (int) Math.min(length, left);
            left -= count;
            return count == 0 && length > 0 ? -1 : count;
        }
    }

    /** What a program has said. */
    private static class Output extends ResultCallback.Adapter<Frame> {
        final ByteArrayOutputStream stdout = new ByteArrayOutputStream();
        final ByteArrayOutputStream stderr = new ByteArrayOutputStream();

        @Override
        public void onNext(Frame frame) {
            synchronized (this) {
                (frame.getStreamType() == StreamType.STDERR ? stderr : stdout).writeBytes(frame.getPayload());
                notifyAll();
            }
        }

        synchronized void awaitStdout(String end) throws InterruptedException {
            while (!stdout.toString(StandardCharsets.UTF_8).endsWith(end)) {
                wait(20_000);
            }
        }
    }
}
