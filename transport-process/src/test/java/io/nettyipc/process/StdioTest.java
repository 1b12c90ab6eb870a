/* Copyright 2026 The Netty IPC Authors. Licensed under the Apache License, Version 2.0; see LICENSE. */
package io.nettyipc.process;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.nettyipc.base.testing.SystemCommand;
import java.io.File;
import java.io.IOException;
import java.io.OutputStream;
import java.lang.ProcessBuilder.Redirect;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A filter in a JVM of its own, whose standard streams are each kind of file. */
@DisabledOnOs(value = OS.WINDOWS, disabledReason = "Windows has its own tests")
@Timeout(120)
class StdioTest {
    @TempDir
    Path directory;

    private static List<String> command(String... arguments) {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx128m",
                "-XX:TieredStopAtLevel=1",
                "-XX:+UseSerialGC",
                // Newer JVMs warn without it, on standard error, which some of these tests read.
                "--enable-native-access=ALL-UNNAMED",
                "-Dio.netty.leakDetection.level=paranoid",
                "-cp",
                System.getProperty("java.class.path"),
                StdioProgram.class.getName()));
        command.addAll(List.of(arguments));
        return command;
    }

    private static byte[] bytes(int length) {
        byte[] bytes = new byte[length];
        new Random(length).nextBytes(bytes);
        return bytes;
    }

    /** What is written to a process from another thread, and then its end. */
    private static CompletableFuture<Void> feed(Process process, byte[] input) {
        return CompletableFuture.runAsync(() -> {
            try (OutputStream stdin = process.getOutputStream()) {
                stdin.write(input);
            } catch (IOException e) {
                throw new IllegalStateException(e);
            }
        });
    }

    private static void assertEnds(Process process) throws InterruptedException {
        assertTrue(process.waitFor(60, TimeUnit.SECONDS), "still running");
        assertEquals(0, process.exitValue());
    }

    @ParameterizedTest
    @ValueSource(strings = {"epoll", "nio"})
    void pipesCarryEveryByteAndNothingElse(String loop) throws Exception {
        byte[] input = bytes(3_000_001);
        File errors = directory.resolve("errors").toFile();
        Process filter = new ProcessBuilder(command(loop, "by itself"))
                .redirectError(errors)
                .start();
        CompletableFuture<Void> fed = feed(filter, input);

        byte[] output = filter.getInputStream().readAllBytes();

        fed.get();
        assertEnds(filter);
        assertArrayEquals(input, output, () -> read(errors));
        String noise = read(errors);
        assertTrue(noise.contains("a stray line\n"), noise);
        assertTrue(noise.contains("System.in has -1\n"), noise);
        assertTrue(noise.contains("second connect: standard input and output have been taken over"), noise);
        assertTrue(noise.contains("child\n"), noise);
        assertTrue(!noise.contains("LEAK"), noise);
    }

    private static String read(File file) {
        try {
            return Files.readString(file.toPath());
        } catch (IOException e) {
            return e.toString();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"epoll", "nio"})
    void aFilterWhoseReaderHasGoneEnds(String loop) throws Exception {
        File output = directory.resolve("output").toFile();
        Process pipeline =
                shell("yes | \"$@\" | head -c 10", loop).redirectOutput(output).start();

        assertEnds(pipeline);
        assertEquals("y\ny\ny\ny\ny\n", Files.readString(output.toPath()));
    }

    @ParameterizedTest
    @ValueSource(strings = {"epoll", "nio"})
    void whatSystemInHasReadAheadIsReadFirst(String loop) throws Exception {
        for (String rest : List.of("second\nthird\n", "")) {
            Process filter = new ProcessBuilder(command(loop, "line"))
                    .redirectError(Redirect.DISCARD)
                    .start();
            CompletableFuture<Void> fed = feed(filter, ("first\n" + rest).getBytes(StandardCharsets.US_ASCII));

            String output = new String(filter.getInputStream().readAllBytes(), StandardCharsets.US_ASCII);

            fed.get();
            assertEnds(filter);
            assertEquals(rest, output);
        }
    }

    /** 60. */
    @ParameterizedTest
    @ValueSource(strings = {"epoll", "nio"})
    void regularFilesWillDo(String loop) throws Exception {
        byte[] input = bytes(1_000_001);
        Path in = Files.write(directory.resolve("in"), input);
        Path out = directory.resolve("out");
        Process filter = new ProcessBuilder(command(loop))
                .redirectInput(in.toFile())
                .redirectOutput(out.toFile())
                .redirectError(Redirect.DISCARD)
                .start();

        assertEnds(filter);
        assertArrayEquals(input, Files.readAllBytes(out));
    }

    @EnabledOnOs(value = OS.LINUX, disabledReason = "elsewhere script has other options")
    @ParameterizedTest
    @ValueSource(strings = {"epoll", "nio"})
    void aTerminalWillDo(String loop) throws Exception {
        assumeTrue(new File("/usr/bin/script").canExecute(), "script(1), which makes terminals, is not installed");
        StringBuilder quoted = new StringBuilder();
        for (String word : command(loop)) {
            quoted.append('\'').append(word).append("' ");
        }
        // It takes its input for what is typed; its end is typed too.
        Process script = new ProcessBuilder("script", "-qec", "stty -echo; " + quoted + "2>/dev/null", "/dev/null")
                .redirectErrorStream(true)
                .start();
        CompletableFuture<Void> fed = feed(script, "one\ntwo\n\u0004".getBytes(StandardCharsets.US_ASCII));

        String shown = new String(script.getInputStream().readAllBytes(), StandardCharsets.US_ASCII);

        fed.get();
        assertEnds(script);
        assertTrue(shown.contains("one\r\ntwo\r\n"), shown);
    }

    /** Node gives its children sockets. */
    @ParameterizedTest
    @ValueSource(strings = {"epoll", "nio"})
    void socketsWillDo(String loop) throws Exception {
        assumeTrue(new File("/usr/bin/node").canExecute(), "Node is not installed");
        List<String> node = new ArrayList<>(List.of(
                "node",
                "-e",
                "const child = require('child_process').spawn(process.argv[1], process.argv.slice(2),"
                        + " {stdio: ['pipe', 'pipe', 'ignore']});"
                        + "process.stdin.pipe(child.stdin); child.stdout.pipe(process.stdout)",
                "--"));
        node.addAll(command(loop));
        byte[] input = bytes(2_000_003);
        Process filter =
                new ProcessBuilder(node).redirectError(Redirect.INHERIT).start();
        CompletableFuture<Void> fed = feed(filter, input);

        byte[] output = filter.getInputStream().readAllBytes();

        fed.get();
        assertEnds(filter);
        assertArrayEquals(input, output);
    }

    /** Opened anew, a FIFO doesn't tell of writers that went before. */
    @ParameterizedTest
    @ValueSource(strings = {"epoll", "nio"})
    void aFifoWhoseWriterHasGoneEnds(String loop) throws Exception {
        for (String input : List.of("hello", "")) {
            File output = directory.resolve("output").toFile();
            Process filter = shell(
                            "rm -f fifo; mkfifo fifo; exec 3<>fifo; printf '" + input + "' >&3;"
                                    + " exec 0<fifo; exec 3>&-; exec \"$@\"",
                            loop)
                    .redirectOutput(output)
                    .start();

            assertEnds(filter);
            assertEquals(input, Files.readString(output.toPath()));
        }
    }

    /** As a child of inetd has it: the peer has to be told of an end that no closed descriptor tells. */
    @ParameterizedTest
    @ValueSource(strings = {"epoll", "nio"})
    void oneSocketForBothDirectionsCanBeShutDown(String loop) throws Exception {
        assumeTrue(new File("/bin/bash").canExecute(), "bash, which opens sockets, is not installed");
        byte[] input = bytes(1_000_003);
        try (ServerSocket server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            String open = "exec 3<>/dev/tcp/127.0.0.1/" + server.getLocalPort() + "; exec \"$@\" 0<&3 1>&3 3>&-";
            Process filter =
                    bash(open, loop, "half", Integer.toString(input.length)).start();
            try (Socket peer = server.accept()) {
                peer.setSoTimeout(60_000);
                CompletableFuture<Void> fed = CompletableFuture.runAsync(() -> {
                    try {
                        peer.getOutputStream().write(input);
                    } catch (IOException e) {
                        throw new IllegalStateException(e);
                    }
                });

                byte[] output = peer.getInputStream().readAllBytes();

                fed.get();
                assertArrayEquals(input, output);
                assertTrue(filter.isAlive());
            }
            assertEnds(filter);
        }
    }

    /** What is opened next must not become standard error, least of all the output. */
    @ParameterizedTest
    @ValueSource(strings = {"epoll", "nio"})
    void withoutStandardErrorStrayLinesGoNowhere(String loop) throws Exception {
        byte[] input = bytes(100_001);
        Path in = Files.write(directory.resolve("in"), input);
        Process filter = new ProcessBuilder(command(loop, "no-stderr"))
                .redirectInput(in.toFile())
                .redirectError(Redirect.DISCARD)
                .start();

        byte[] output = filter.getInputStream().readAllBytes();

        assertEnds(filter);
        assertArrayEquals(input, output);
    }

    @EnabledOnOs(value = OS.LINUX, disabledReason = "elsewhere a closed stream is told by its file only")
    @ParameterizedTest
    @ValueSource(strings = {"<&-", ">&-"})
    void aClosedStreamIsNamedAndTheOtherOneIsLeftAlone(String closed) throws Exception {
        File errors = directory.resolve("errors").toFile();
        Process program = shell("exec \"$@\" " + closed, "epoll", "fail")
                .redirectError(errors)
                .start();
        CompletableFuture<Void> fed = feed(program, "x".getBytes(StandardCharsets.US_ASCII));

        String output = new String(program.getInputStream().readAllBytes(), StandardCharsets.US_ASCII);

        // Nobody may be there to take it.
        fed.exceptionally(failure -> null).get();
        assertEnds(program);
        String cause = "standard " + (closed.equals("<&-") ? "input" : "output") + " is closed\n";
        // A logger may have written there too.
        String told = Pattern.compile("^(first|second) connect: .*\\R", Pattern.MULTILINE)
                .matcher(read(errors))
                .results()
                .map(MatchResult::group)
                .collect(Collectors.joining());
        assertEquals("first connect: " + cause + "second connect: " + cause, told, () -> read(errors));
        if (closed.equals("<&-")) {
            assertEquals("a line\n", output);
        }
    }

    private ProcessBuilder shell(String script, String... arguments) {
        return start("sh", script, arguments);
    }

    private ProcessBuilder bash(String script, String... arguments) {
        return start("bash", script, arguments);
    }

    /** A script that starts the program with {@code exec "$@"}, in the directory. */
    private ProcessBuilder start(String shell, String script, String... arguments) {
        List<String> command = new ArrayList<>(List.of(shell, "-c", script, shell));
        command.addAll(command(arguments));
        return new ProcessBuilder(command).directory(directory.toFile()).redirectError(Redirect.INHERIT);
    }

    /** 60. */
    @ParameterizedTest
    @ValueSource(strings = {"epoll", "nio"})
    void inputCanEndBeforeAnythingIsWritten(String loop) throws Exception {
        Process filter = new ProcessBuilder(command(loop, "hello"))
                .redirectInput(new File("/dev/null"))
                .redirectError(Redirect.DISCARD)
                .start();

        filter.getInputStream().readAllBytes();

        assertEnds(filter);
    }

    @ParameterizedTest
    @ValueSource(strings = {"epoll", "nio"})
    void answersThatComeAfterTheInputsEndAndAreTakenSlowlyArriveAndThenItEnds(String loop) throws Exception {
        File output = directory.resolve("output").toFile();
        Process pipeline = shell("printf '1\\n2\\n3\\n' | \"$@\" | (sleep 1; wc -c)", loop, "later")
                .redirectOutput(output)
                .start();

        assertEnds(pipeline);

        assertEquals(3 << 20, Integer.parseInt(Files.readString(output.toPath()).trim()));
    }

    @Test
    void withoutHalfClosureTheInputsEndIsTheEnd() throws Exception {
        File output = directory.resolve("output").toFile();
        Process pipeline = shell("printf '1\\n' | \"$@\" | wc -c", "epoll", "later", "own end")
                .redirectOutput(output)
                .start();

        assertEnds(pipeline);

        assertEquals(0, Integer.parseInt(Files.readString(output.toPath()).trim()));
    }

    /** As behind su or sudo, where /proc doesn't let another user's pipe be opened. The shell has the same pipes. */
    @ParameterizedTest
    @ValueSource(strings = {"", "exit"})
    @EnabledOnOs(value = OS.LINUX, disabledReason = "strace is Linux's")
    void streamsThatOthersShareBlockAgainAfterwards(String end) throws Exception {
        String strace = String.join(" ", withoutStreamsOfItsOwn());
        File output = directory.resolve("flags").toFile();
        List<String> arguments = end.isEmpty() ? List.of("epoll") : List.of("epoll", end);
        Process pipeline = shell(
                        "(sleep 1; echo x) | (" + strace
                                + " \"$@\"; grep flags /proc/self/fdinfo/0 /proc/self/fdinfo/1 >flags) | cat",
                        arguments.toArray(new String[0]))
                .redirectOutput(Redirect.DISCARD)
                .start();

        assertEnds(pipeline);

        int nonBlocking = 04000;
        List<String> lines = Files.readAllLines(output.toPath());
        assertEquals(2, lines.size(), lines::toString);
        for (String line : lines) {
            int flags = Integer.parseInt(line.replaceAll(".*\\s", ""), 8);
            assertEquals(0, flags & nonBlocking, line);
        }
    }

    private static List<String> withoutStreamsOfItsOwn() throws InterruptedException {
        return SystemCommand.withFault("openat:error=EACCES", "-P", "/proc/self/fd/0", "-P", "/proc/self/fd/1");
    }

    /** Starts the program at a terminal that it has itself, as a shell does, and tells whether that is as it was. */
    private static final String SHELL = """
            import fcntl, os, pty, subprocess, sys, termios
            keyboard, terminal = pty.openpty()
            def state():
                return fcntl.fcntl(terminal, fcntl.F_GETFL), termios.tcgetattr(terminal)
            before = state()
            program = subprocess.Popen(sys.argv[2:], stdin=terminal, stdout=terminal, stderr=subprocess.PIPE)
            while b"second connect" not in program.stderr.readline():
                pass
            during = state()
            if sys.argv[1] == "SIGTERM":
                program.terminate()
            else:
                os.write(keyboard, b"\\x04")
            program.communicate()
            print(program.returncode, during == before, state() == before)
            """;

    @ParameterizedTest
    @CsvSource({"end, false", "SIGTERM, false", "end, true", "SIGTERM, true"})
    @EnabledOnOs(value = OS.LINUX, disabledReason = "strace is Linux's")
    void aTerminalIsLeftAsItWasFound(String end, boolean shared) throws Exception {
        assumeTrue(SystemCommand.works(List.of("python3", "--version")), "no python");
        List<String> command = new ArrayList<>(List.of("python3", "-c", SHELL, end));
        if (shared) {
            command.addAll(withoutStreamsOfItsOwn());
        }
        command.addAll(command("epoll"));
        Process shell = new ProcessBuilder(command).redirectErrorStream(true).start();

        String told = new String(shell.getInputStream().readAllBytes(), StandardCharsets.US_ASCII).trim();

        assertEnds(shell);
        assertEquals((end.equals("end") ? "0" : "143") + (shared ? " False True" : " True True"), told);
    }
}
