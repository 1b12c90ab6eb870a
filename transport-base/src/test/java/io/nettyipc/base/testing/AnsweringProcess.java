/* Copyright 2026 The Netty IPC Authors. Licensed under the Apache License, Version 2.0; see LICENSE. */
package io.nettyipc.base.testing;

import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.util.Queue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/** A program in another process. It is told lines, and answers with lines that start with "> ". */
public abstract class AnsweringProcess implements AutoCloseable {
    static final String ANSWER = "> ";

    private final Process process;
    private final PrintWriter input;
    private final Thread reader;
    private final BlockingQueue<String> answers = new LinkedBlockingQueue<>();
    private final Queue<String> output = new ConcurrentLinkedQueue<>();

    AnsweringProcess(String name, ProcessBuilder program) throws IOException {
        process = program.redirectErrorStream(true).start();
        input = new PrintWriter(process.outputWriter(StandardCharsets.UTF_8), true);
        reader = new Thread(this::readOutput, "output of " + name);
        reader.setDaemon(true);
        reader.start();
    }

    private void readOutput() {
        try (BufferedReader lines = process.inputReader(StandardCharsets.UTF_8)) {
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

    public final long processId() {
        return process.pid();
    }

    /** Tells it what to do. */
    public final void tell(String line) {
        input.println(line);
    }

    /** Returns its next answer. */
    public final String answer() throws InterruptedException {
        String answer = answers.poll(60, TimeUnit.SECONDS);
        assertNotNull(answer, () -> "no answer; the program wrote: " + String.join("\n", output));
        return answer;
    }

    /** Waits for its end, and returns its exit code. */
    public final int awaitExit() throws InterruptedException {
        assertTrue(process.waitFor(60, TimeUnit.SECONDS), "the program does not end");
        return process.exitValue();
    }

    /** Ends it as a crash would. */
    public final void kill() {
        process.destroyForcibly().onExit().join();
    }

    /** Ends it, and closes this end of its pipes, which a test may count. */
    @Override
    public void close() {
        kill();
        input.close();
        try {
            // A child of its own may still have the other end.
            reader.join(1_000);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
