/* Copyright 2026 The Netty IPC Authors. Licensed under the Apache License, Version 2.0; see LICENSE. */
package io.nettyipc.process.windows;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.netty.buffer.ByteBufUtil;
import io.nettyipc.base.testing.PeerProgram;
import io.nettyipc.base.testing.TestSize;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.lang.ProcessBuilder.Redirect;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** A program in a JVM of its own, whose standard streams are each kind of file; 60. */
@EnabledOnOs(value = OS.WINDOWS, disabledReason = "Unix has its own tests")
@Timeout(120)
class WindowsStdioTest {

    @TempDir
    Path directory;

    private final List<Process> started = new ArrayList<>();
    private Path errors;

    @BeforeEach
    void errors() {
        errors = directory.resolve("errors");
    }

    @AfterEach
    void endPrograms() {
        for (Process process : started) {
            process.descendants().forEach(ProcessHandle::destroyForcibly);
            process.destroyForcibly().onExit().join();
        }
    }

    private Process start(ProcessBuilder builder) throws IOException {
        Process process = builder.start();
        started.add(process);
        return process;
    }

    private Process start(String... arguments) throws IOException {
        return start(program(arguments));
    }

    /** A program whose standard error goes to a file; it is where the program tells of itself. */
    private ProcessBuilder program(String... arguments) {
        return program(List.of(), arguments);
    }

    /** The same, as the arguments of another command. */
    private ProcessBuilder program(List<String> command, String... arguments) {
        List<String> words = new ArrayList<>(command);
        words.addAll(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx128m",
                "-XX:+UseSerialGC",
                "-XX:-PrintWarnings",
                "-XX:TieredStopAtLevel=1",
                "-Dio.netty.leakDetection.level=paranoid",
                "--enable-native-access=ALL-UNNAMED",
                StdioProgram.class.getName()));
        words.addAll(List.of(arguments));
        ProcessBuilder builder = new ProcessBuilder(words);
        // The command line is too short for it.
        builder.environment().put("CLASSPATH", System.getProperty("java.class.path"));
        return command.isEmpty() ? builder.redirectError(errors.toFile()) : builder;
    }

    private static byte[] bytes(int length) {
        byte[] bytes = new byte[length];
        new Random(length).nextBytes(bytes);
        return bytes;
    }

    /** Writes to a process from another thread, and then its end. */
    private static CompletableFuture<Void> feed(Process process, byte[] input) {
        return CompletableFuture.runAsync(() -> {
            try (OutputStream stdin = process.getOutputStream()) {
                stdin.write(input);
            } catch (IOException e) {
                throw new IllegalStateException(e);
            }
        });
    }

    private String said() {
        try {
            return Files.readString(errors).replace("\r", "");
        } catch (IOException e) {
            return e.toString();
        }
    }

    private void assertSaid(String... lines) {
        String said = '\n' + said();
        for (String line : lines) {
            assertTrue(said.contains('\n' + line), "\"" + line + "\" isn't in: " + said);
        }
        assertFalse(said.contains("LEAK"), said);
        assertFalse(said.contains("exception"), said);
    }

    private void assertEnds(Process process) throws InterruptedException {
        assertTrue(process.waitFor(60, TimeUnit.SECONDS), () -> "still running: " + said());
        assertEquals(0, process.exitValue(), this::said);
        assertSaid("end");
    }

    private void awaitSaid(String line) throws Exception {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
        while (!('\n' + said()).contains('\n' + line)) {
            assertTrue(System.nanoTime() < deadline, this::said);
            Thread.sleep(20);
        }
    }

    /** Pipes, files, NUL and consoles. */
    @Nested
    class KindsOfStreams {
        /** As Node gives them to a child that wants them so. */
        @Test
        void pipesForOverlappedOperationsWillDo() throws Exception {
            byte[] input = bytes(1_000_003);
            Process filter =
                    start(program(PeerProgram.child("overlapped"), "filter").redirectError(errors.toFile()));
            CompletableFuture<Void> fed = feed(filter, input);

            byte[] output = filter.getInputStream().readAllBytes();

            fed.get();
            assertEnds(filter);
            assertArrayEquals(input, output, WindowsStdioTest.this::said);
            assertSaid("threads 0");
        }

        @Test
        void closingDoesntWaitForInputOfAnOverlappedPipe() throws Exception {
            Process program =
                    start(program(PeerProgram.child("overlapped"), "close").redirectError(errors.toFile()));

            assertEquals(-1, program.getInputStream().read());

            assertEnds(program);
            assertSaid("threads before 2", "in time true", "threads 0");
        }

        /** 1 GiB with -Dnettyipc.full, else 32 MiB. */
        @Test
        void pipesCarryEveryByte() throws Exception {
            int blocks = TestSize.of(32, 1024);
            Process filter = start("filter");
            MessageDigest sent = MessageDigest.getInstance("SHA-256");
            CompletableFuture<Void> fed = CompletableFuture.runAsync(() -> {
                byte[] block = new byte[1 << 20];
                Random random = new Random(9);
                try (OutputStream stdin = filter.getOutputStream()) {
                    for (int i = 0; i < blocks; i++) {
                        random.nextBytes(block);
                        sent.update(block);
                        stdin.write(block);
                    }
                } catch (IOException e) {
                    throw new IllegalStateException(e);
                }
            });
            MessageDigest received = MessageDigest.getInstance("SHA-256");
            byte[] buffer = new byte[1 << 16];
            InputStream stdout = filter.getInputStream();
            for (int read = stdout.read(buffer); read >= 0; read = stdout.read(buffer)) {
                received.update(buffer, 0, read);
            }

            fed.get();
            assertEnds(filter);
            assertEquals(ByteBufUtil.hexDump(sent.digest()), ByteBufUtil.hexDump(received.digest()));
            assertSaid("threads 0");
        }

        @Test
        void anAllocatorThatLimitsEachTurnGetsEverythingOfAPipeAndOfAFile() throws Exception {
            byte[] input = bytes(100_003);
            Process ofPipe = start("limited");
            CompletableFuture<Void> fed = feed(ofPipe, input);

            byte[] output = ofPipe.getInputStream().readAllBytes();

            fed.get();
            assertEnds(ofPipe);
            assertArrayEquals(input, output, WindowsStdioTest.this::said);
            Path in = Files.write(directory.resolve("limited-in"), input);
            Process ofFile = start(program("limited").redirectInput(in.toFile()));
            assertArrayEquals(input, ofFile.getInputStream().readAllBytes(), WindowsStdioTest.this::said);
            assertEnds(ofFile);
        }

        @Test
        void regularFilesWillDoAndCanBeAppendedTo() throws Exception {
            byte[] input = bytes(1_000_001);
            Path in = Files.write(directory.resolve("in"), input);
            Path out = Files.writeString(directory.resolve("out"), "one");

            assertEnds(start(
                    program("filter").redirectInput(in.toFile()).redirectOutput(Redirect.appendTo(out.toFile()))));

            byte[] all = Files.readAllBytes(out);
            assertEquals("one", new String(all, 0, 3, StandardCharsets.US_ASCII));
            assertArrayEquals(input, Arrays.copyOfRange(all, 3, all.length));
        }

        @Test
        void nulIsAnInputThatEndsAtOnceAndAnOutputThatTakesEverything() throws Exception {
            Process filter = start(program("hello", "hello").redirectInput(new File("NUL")));
            assertEquals("hello", new String(filter.getInputStream().readAllBytes(), StandardCharsets.US_ASCII));
            assertEnds(filter);

            Process discarding = start(program("filter").redirectOutput(Redirect.DISCARD));
            feed(discarding, bytes(1_000_000)).get();
            assertEnds(discarding);
        }

        @Test
        void buffersOfEachKindAndFilesAreWritten() throws Exception {
            byte[] content = bytes(200_000);
            Path file = Files.write(directory.resolve("file"), content);
            Process program = start("file", file.toString());
            byte[] output = new byte[15 + content.length + 100_000];

            assertEquals(
                    output.length,
                    program.getInputStream().readNBytes(output, 0, output.length),
                    WindowsStdioTest.this::said);
            program.getOutputStream().close();

            assertEnds(program);
            assertEquals("small in parts ", new String(output, 0, 15, StandardCharsets.US_ASCII));
            assertEquals(
                    ByteBufUtil.hexDump(MessageDigest.getInstance("SHA-256").digest(content)),
                    ByteBufUtil.hexDump(MessageDigest.getInstance("SHA-256")
                            .digest(Arrays.copyOfRange(output, 15, 15 + content.length))));
            assertEquals('x', output[output.length - 1]);
        }

        /** A console of the program's own, where we type. */
        private Process onConsole(String what) throws Exception {
            return start(program(PeerProgram.child("console", errors.toString()), what));
        }

        private static CompletableFuture<String> screen(Process console) {
            return CompletableFuture.supplyAsync(() -> {
                try {
                    return new String(console.getInputStream().readAllBytes(), StandardCharsets.US_ASCII);
                } catch (IOException e) {
                    throw new IllegalStateException(e);
                }
            });
        }

        @Test
        void aConsoleWillDo() throws Exception {
            Process console = onConsole("talk");
            CompletableFuture<String> screen = screen(console);
            OutputStream keyboard = console.getOutputStream();
            awaitSaid("connected");

            for (String line : new String[] {"one\r", "two\r", "bye\r"}) {
                keyboard.write(line.getBytes(StandardCharsets.US_ASCII));
                keyboard.flush();
                awaitSaid("heard " + line.trim());
            }

            assertEnds(console);
            String shown = screen.get(20, TimeUnit.SECONDS);
            assertTrue(shown.contains("you said one"), shown);
            assertTrue(shown.contains("you said two"), shown);
            // More than a console takes at once.
            assertTrue(shown.contains("the last of many lines"), shown);
            assertFalse(shown.contains("connected"), shown);
            assertSaid("threads 0");
        }

        @Test
        void closingDoesntWaitForAConsole() throws Exception {
            Process console = onConsole("close");
            screen(console);

            assertEnds(console);
            assertSaid("threads before 2", "in time true", "threads 0");
        }
    }

    /** What others in the process still have of the streams. */
    @Nested
    class TakingOver {
        @Test
        void whatSystemInHadReadAheadIsReadFirst() throws Exception {
            byte[] input = bytes(100_003);
            byte[] line = "a line of System.in\n".getBytes(StandardCharsets.US_ASCII);
            byte[] all = Arrays.copyOf(line, line.length + input.length);
            System.arraycopy(input, 0, all, line.length, input.length);
            Process filter = start("line");
            CompletableFuture<Void> fed = feed(filter, all);

            byte[] output = filter.getInputStream().readAllBytes();

            fed.get();
            assertEnds(filter);
            assertSaid("line a line of System.in\n");
            assertArrayEquals(input, output, WindowsStdioTest.this::said);
        }

        @Test
        void whatOthersWriteGoesToStandardErrorAndTheirInputIsEmpty() throws Exception {
            byte[] input = bytes(100_000);
            Process filter = start("noise");
            CompletableFuture<Void> fed = feed(filter, input);

            byte[] output = filter.getInputStream().readAllBytes();

            fed.get();
            assertEnds(filter);
            assertArrayEquals(input, output, WindowsStdioTest.this::said);
            assertSaid(
                    "a line of System.out\n",
                    "a line of who had System.out before\n",
                    "a line of ucrtbase\n",
                    "ucrtbase has -1\n",
                    "a line of msvcrt\n",
                    "msvcrt has -1\n",
                    "System.in has -1\n",
                    "a line of a child\n",
                    "second connect: standard input and output have been taken over");
        }

        @Test
        void withoutInputTheConnectFailsAndTheOutputIsLeftAlone() throws Exception {
            Process program =
                    start(program(PeerProgram.child("without-input"), "fail").redirectError(errors.toFile()));

            String output = new String(program.getInputStream().readAllBytes(), StandardCharsets.US_ASCII);

            assertEnds(program);
            assertEquals("a line\r\n", output);
            assertSaid(
                    "first connect: standard input is closed, closed true\n",
                    "second connect: standard input is closed, closed true\n");
        }
    }

    @Nested
    class Ends {
        @Test
        void whatWasFlushedBeforeTheEndOfTheInputIsWritten() throws Exception {
            byte[] input = bytes(1_000_001);
            Path in = Files.write(directory.resolve("in"), input);
            Process server = start(program("server").redirectInput(in.toFile()));

            assertArrayEquals(input, server.getInputStream().readAllBytes());

            assertEnds(server);
        }

        @Test
        void answersThatComeAfterTheInputsEndAndAreTakenSlowlyArriveAndThenItEnds() throws Exception {
            Process server = start("later");
            server.getOutputStream().write('?');
            server.getOutputStream().close();
            awaitSaid("answering");
            // Longer than it waits for more answers.
            Thread.sleep(1000);

            assertEquals(1_000_000, server.getInputStream().readAllBytes().length);

            assertEnds(server);
            assertSaid("answering", "threads 0");
        }

        @Test
        void whatWasFlushedBeforeACloseIsWritten() throws Exception {
            Process program = start("parting");

            assertEquals(1_000_000, program.getInputStream().readAllBytes().length);

            assertEnds(program);
            assertSaid("written true", "closed\n", "closed again\n", "threads 0");
        }

        @Test
        void theOutputCanBeEndedWhileTheInputGoesOn() throws Exception {
            Process program = start("half");
            OutputStream stdin = program.getOutputStream();
            stdin.write(bytes(10));
            stdin.flush();

            byte[] output = program.getInputStream().readAllBytes();
            assertEquals(1_000_007, output.length, WindowsStdioTest.this::said);
            assertEquals("the end", new String(output, 1_000_000, 7, StandardCharsets.US_ASCII));
            stdin.write(bytes(100_000));
            stdin.close();

            assertEnds(program);
            assertSaid("written true, ended true", "write true", "read 100010\n", "threads 0");
        }

        @Test
        void aReaderThatHasGoneEndsTheOutputWithTheNextWrite() throws Exception {
            Process program = start("readerless");
            program.getInputStream().close();
            OutputStream stdin = program.getOutputStream();
            stdin.write(1);
            stdin.flush();
            awaitSaid("output ended");
            stdin.close();

            assertEnds(program);
            assertSaid("failure io.netty.channel.socket.ChannelOutputShutdownException", "threads 0");
        }

        @Test
        void aReaderThatHasGoneClosesTheChannelAsAFilterEnds() throws Exception {
            Process program = start("ending");
            program.getInputStream().close();
            OutputStream stdin = program.getOutputStream();
            stdin.write(1);
            stdin.flush();

            assertEnds(program);
            assertSaid("failure java.io.IOException", "threads 0");
            stdin.close();
        }
    }

    /** Those that do not write, or do not read. */
    @Nested
    class SlowPeers {
        @Test
        void withAutoReadOffOneBufferIsReadAheadAndTheWriterWaits() throws Exception {
            Process program = start("deaf");
            AtomicLong written = new AtomicLong();
            CompletableFuture<Void> fed = CompletableFuture.runAsync(() -> {
                try (OutputStream stdin = program.getOutputStream()) {
                    for (int i = 0; i < 100; i++) {
                        stdin.write(bytes(10_000));
                        stdin.flush();
                        written.addAndGet(10_000);
                    }
                } catch (IOException e) {
                    throw new IllegalStateException(e);
                }
            });
            awaitSaid("deaf");
            Thread.sleep(700);
            assertTrue(written.get() < 100_000, () -> "the writer didn't wait but wrote " + written);

            fed.get(60, TimeUnit.SECONDS);
            assertEnds(program);
            assertSaid("one buffer true", "read 1000000\n");
        }

        @Test
        void closingDoesntWaitForInput() throws Exception {
            Process program = start("close");

            assertEquals(-1, program.getInputStream().read());

            assertEnds(program);
            assertSaid("threads before 2", "in time true", "threads 0");
        }

        @Test
        void closingDoesntWaitForWhoDoesntRead() throws Exception {
            Process program = start("stuck");

            assertEnds(program);
            assertSaid("writable false, written false", "in time true", "threads 0", "write false");
        }

        @Test
        void endingTheOutputDoesntWaitForWhoDoesntRead() throws Exception {
            Process program = start("stuck-end");

            assertEnds(program);
            assertSaid("in time true", "write false, open true", "threads 0");
        }

        @Test
        void theEndOfTheEventLoopDoesntWaitForInput() throws Exception {
            Process program = start("loop");

            assertEnds(program);
            assertSaid("in time true", "open false", "threads 0");
        }
    }
}
