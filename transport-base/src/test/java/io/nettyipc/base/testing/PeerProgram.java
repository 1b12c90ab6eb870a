/* Copyright 2026 The Netty IPC Authors. Licensed under the Apache License, Version 2.0; see LICENSE. */
package io.nettyipc.base.testing;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/**
 * {@code transport-base/src/test/c/pipe-peer.c}, a plain Win32 program, in a process of its own. The system property
 * {@code nettyipc.peer} names the executable; without it a {@code gcc} on the path compiles it, and without that the
 * tests are skipped.
 */
public final class PeerProgram implements AutoCloseable {

    private static final String ANSWER = "> ";

    private static Path compiled;

    private final Process process;
    private final PrintWriter input;
    private final BlockingQueue<String> answers = new LinkedBlockingQueue<>();
    private final Queue<String> output = new ConcurrentLinkedQueue<>();

    public PeerProgram() throws IOException, InterruptedException {
        process = new ProcessBuilder(executable()).redirectErrorStream(true).start();
        input = new PrintWriter(process.outputWriter(StandardCharsets.US_ASCII), true);
        Thread reader = new Thread(this::readOutput, "output of pipe-peer");
        reader.setDaemon(true);
        reader.start();
    }

    /** The command of the program as somebody's child; see its source for what it can do. */
    public static List<String> child(String... arguments) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of(executable(), "child"));
        command.addAll(List.of(arguments));
        return command;
    }

    private static synchronized String executable() throws IOException, InterruptedException {
        String given = System.getProperty("nettyipc.peer");
        if (given != null) {
            return given;
        }
        if (compiled == null) {
            Path source = Path.of("..", "transport-base", "src", "test", "c", "pipe-peer.c");
            Path target = Files.createTempDirectory("nettyipc").resolve("pipe-peer.exe");
            assumeTrue(
                    compile(source, target), "no gcc for " + source + ": put one on the path, or set -Dnettyipc.peer");
            target.toFile().deleteOnExit();
            target.getParent().toFile().deleteOnExit();
            compiled = target;
        }
        return compiled.toString();
    }

    private static boolean compile(Path source, Path target) throws InterruptedException {
        try {
            return new ProcessBuilder("gcc", "-std=gnu11", "-o", target.toString(), source.toString(), "-ladvapi32")
                            .inheritIO()
                            .start()
                            .waitFor()
                    == 0;
        } catch (IOException e) {
            return false;
        }
    }

    private void readOutput() {
        try (BufferedReader lines = process.inputReader(StandardCharsets.US_ASCII)) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                output.add(line);
                if (line.startsWith(ANSWER)) {
                    answers.add(line.substring(ANSWER.length()));
                }
            }
        } catch (IOException e) {
            // The program was killed.
        }
    }

    public long processId() {
        return process.pid();
    }

    /** Tells it what to do; the answer comes when it has done so. */
    public void tell(String command) {
        input.println(command);
    }

    /** Its next answer. */
    public String answer() throws InterruptedException {
        String answer = answers.poll(60, TimeUnit.SECONDS);
        assertNotNull(answer, () -> "no answer; the program wrote: " + String.join("\n", output));
        return answer;
    }

    /** Tells it what to do and waits until it is done. */
    public String ask(String command) throws InterruptedException {
        tell(command);
        return answer();
    }

    /** Tells it to do what has to succeed. */
    public void does(String command) throws InterruptedException {
        assertEquals("ok", ask(command), command);
    }

    public static String hex(String text) {
        return text.isEmpty() ? "-" : HexFormat.of().formatHex(text.getBytes(StandardCharsets.US_ASCII));
    }

    /** What {@code read} answers for a message, or the end of one. */
    public static String data(String text) {
        return "data " + hex(text);
    }

    /** What {@code read} answers for a part of a message with more to come. */
    public static String more(String text) {
        return "more " + hex(text);
    }

    /** What {@code fill} writes. */
    public static byte[] filled(int count, int seed) {
        byte[] bytes = new byte[count];
        for (int i = 0; i < count; i++) {
            bytes[i] = (byte) (i * 7 + (i >> 8) + seed);
        }
        return bytes;
    }

    /** What {@code sum} answers for these bytes. */
    public static String sum(byte[] bytes) {
        int hash = 0x811c9dc5;
        for (byte b : bytes) {
            hash = (hash ^ (b & 0xff)) * 16777619;
        }
        return bytes.length + " " + Integer.toUnsignedString(hash);
    }

    /** Ends it as a crash would. */
    public void kill() {
        process.destroyForcibly().onExit().join();
    }

    @Override
    public void close() {
        kill();
    }
}
