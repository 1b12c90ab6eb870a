/* Copyright 2026 The Netty IPC Authors. Licensed under the Apache License, Version 2.0; see LICENSE. */
package io.nettyipc.benchmarks.process;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * Another JVM that does what it is told: a command is a line on its standard input, the answer a line on its standard
 * output. It ends when its standard input does, so it is gone even if this JVM is killed.
 *
 * @see CommandLoop
 */
public final class CommandProcess implements AutoCloseable {
    private static final int PATIENCE_SECONDS = 60;
    /** The exit code of a JVM with {@code -XX:+ExitOnOutOfMemoryError}. */
    private static final int OUT_OF_MEMORY = 3;

    private final String name;
    private final Process process;
    private final Writer commands;
    private final BufferedReader answers;
    private final Thread onExit;

    /**
     * Starts it.
     *
     * @param name      how messages call it
     * @param classPath its class path
     */
    public CommandProcess(String name, String classPath, Class<?> main, List<String> arguments) throws IOException {
        this.name = name;
        process = JavaProcess.start(
                List.of("-XX:+ExitOnOutOfMemoryError"), classPath, main, arguments.toArray(String[]::new));
        commands = process.outputWriter(StandardCharsets.UTF_8);
        answers = new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
        onExit = new Thread(this::end, "end-process");
        Runtime.getRuntime().addShutdownHook(onExit);
    }

    /** Gives a command and returns the answer. */
    public String ask(String command) throws IOException {
        send(command);
        return receive(command);
    }

    /** Gives a command, to be followed by {@link #receive}. Meanwhile others can be given theirs. */
    public void send(String command) throws IOException {
        try {
            commands.write(command + '\n');
            commands.flush();
        } catch (IOException e) {
            throw new IOException("no answer to \"" + command + "\"", e);
        }
    }

    /** Returns the answer to a command. */
    public String receive(String command) throws IOException {
        String answer;
        try {
            answer = CompletableFuture.supplyAsync(this::readAnswer).get(PATIENCE_SECONDS, TimeUnit.SECONDS);
        } catch (ExecutionException e) {
            throw new IOException("no answer to \"" + command + "\"", e);
        } catch (TimeoutException e) {
            throw new IOException(
                    "the " + name + " process did not answer \"" + command + "\" within " + PATIENCE_SECONDS + " s", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted", e);
        }
        if (answer == null) {
            throw new IOException("no answer to \"" + command + "\"");
        }
        if (answer.startsWith(CommandLoop.ERROR)) {
            throw new IOException("the " + name + " process could not do \"" + command + "\": "
                    + answer.substring(CommandLoop.ERROR.length()));
        }
        return answer.substring(CommandLoop.OK.length());
    }

    private String readAnswer() {
        try {
            String line = answers.readLine();
            while (line != null && !line.startsWith(CommandLoop.OK) && !line.startsWith(CommandLoop.ERROR)) {
                System.err.println(line);
                line = answers.readLine();
            }
            return line;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** If the process has ended, says so; else returns {@code failure}. */
    public IOException explain(IOException failure) throws InterruptedException {
        if (process.waitFor(1, TimeUnit.SECONDS)) {
            int code = process.exitValue();
            return new IOException(
                    "the " + name + " process "
                            + (code == OUT_OF_MEMORY ? "ran out of memory" : "ended with exit code " + code) + ": "
                            + failure.getMessage(),
                    failure);
        }
        return failure;
    }

    @Override
    public void close() {
        end();
        Runtime.getRuntime().removeShutdownHook(onExit);
    }

    /** Asks the process to end by ending its input, which lets it remove its socket files, and sees to it. */
    private void end() {
        try {
            commands.close();
            process.waitFor(5, TimeUnit.SECONDS);
        } catch (IOException ignored) {
            // It is already gone.
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            JavaProcess.end(process);
        }
    }
}
