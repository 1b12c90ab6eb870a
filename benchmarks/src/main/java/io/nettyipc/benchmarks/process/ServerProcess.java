/* Copyright 2026 The Netty IPC Authors. Licensed under the Apache License, Version 2.0; see LICENSE. */
package io.nettyipc.benchmarks.process;

import io.nettyipc.benchmarks.contender.Contender;
import io.nettyipc.benchmarks.contender.Counters;
import io.nettyipc.benchmarks.contender.Server;
import io.nettyipc.benchmarks.workload.Workload;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * The server's JVM, seen from the client's. A command is a line on its standard input, the answer a line on its standard
 * output. It ends when its standard input does, so it is gone even if this JVM is killed.
 */
public final class ServerProcess implements AutoCloseable {
    /** What an answer begins with: the JVM itself writes warnings to standard output too. */
    static final String OK = "@ok ";

    static final String ERROR = "@error ";
    private static final int PATIENCE_SECONDS = 60;
    /** The exit code of a JVM with {@code -XX:+ExitOnOutOfMemoryError}. */
    private static final int OUT_OF_MEMORY = 3;

    private final Process process;
    private final Writer commands;
    private final BufferedReader answers;
    private final Thread onExit;

    /** Starts it, for these workloads. Its TCP listeners take {@code firstPort} and those after it, or any if 0. */
    public ServerProcess(List<Workload> workloads, int firstPort) throws IOException {
        List<String> arguments = new ArrayList<>();
        arguments.add(Integer.toString(firstPort));
        workloads.forEach(workload -> arguments.add(workload.id()));
        process = JavaProcess.start(
                List.of("-XX:+ExitOnOutOfMemoryError"), ServerMain.class, arguments.toArray(String[]::new));
        commands = process.outputWriter(StandardCharsets.UTF_8);
        answers = new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
        onExit = new Thread(this::end, "end-server");
        Runtime.getRuntime().addShutdownHook(onExit);
    }

    /** Lets the server listen. */
    public Server open(Contender contender, String name) throws IOException {
        return new RemoteServer(contender.id(), ask("open " + contender.id() + ' ' + name));
    }

    private String ask(String command) throws IOException {
        String answer;
        try {
            commands.write(command + '\n');
            commands.flush();
            answer = CompletableFuture.supplyAsync(this::readAnswer).get(PATIENCE_SECONDS, TimeUnit.SECONDS);
        } catch (IOException | ExecutionException e) {
            throw new IOException("no answer to \"" + command + "\"", e);
        } catch (TimeoutException e) {
            throw new IOException(
                    "the server process did not answer \"" + command + "\" within " + PATIENCE_SECONDS + " s", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted", e);
        }
        if (answer == null) {
            throw new IOException("no answer to \"" + command + "\"");
        }
        if (answer.startsWith(ERROR)) {
            throw new IOException(
                    "the server process could not do \"" + command + "\": " + answer.substring(ERROR.length()));
        }
        return answer.substring(OK.length());
    }

    private String readAnswer() {
        try {
            String line = answers.readLine();
            while (line != null && !line.startsWith(OK) && !line.startsWith(ERROR)) {
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
                    "the server process "
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

    /** Asks the server to end by ending its input, which lets it remove its socket files, and sees to it. */
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

    /** A contender's server in that process. */
    private final class RemoteServer implements Server {
        private final String id;
        private final String location;

        RemoteServer(String id, String location) {
            this.id = id;
            this.location = location;
        }

        @Override
        public String location() {
            return location;
        }

        @Override
        public Counters resume() throws IOException {
            return counters("resume");
        }

        @Override
        public Counters pause() throws IOException {
            return counters("pause");
        }

        private Counters counters(String command) throws IOException {
            String[] answer = ask(command + ' ' + id).split(" ", -1);
            return new Counters(Long.parseLong(answer[0]), Long.parseLong(answer[1]));
        }

        @Override
        public long threadId() throws IOException {
            return Long.parseLong(ask("thread " + id));
        }

        @Override
        public void close() throws IOException {
            ask("close " + id);
        }
    }
}
