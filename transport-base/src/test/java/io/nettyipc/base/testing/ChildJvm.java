/* Copyright 2026 The Netty IPC Authors. Licensed under the Apache License, Version 2.0; see LICENSE. */
package io.nettyipc.base.testing;

import static org.junit.jupiter.api.Assertions.assertNotNull;

import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/** A program of these tests in another JVM. It is told lines, and answers with lines that start with "> ". */
public final class ChildJvm implements AutoCloseable {
    private static final String ANSWER = "> ";

    private final Process process;
    private final PrintWriter input;
    private final BlockingQueue<String> answers = new LinkedBlockingQueue<>();
    private final Queue<String> output = new ConcurrentLinkedQueue<>();

    /**
     * @param jars        which entries of this JVM's class path the child gets
     * @param environment variables to set
     */
    public ChildJvm(Class<?> program, Predicate<Path> jars, Map<String, String> environment, String... arguments)
            throws IOException {
        this(List.of(), program, jars, environment, arguments);
    }

    /**
     * @param prefix the words of a command that starts the JVM in another way, as another user for example
     */
    public ChildJvm(
            List<String> prefix,
            Class<?> program,
            Predicate<Path> jars,
            Map<String, String> environment,
            String... arguments)
            throws IOException {
        List<String> command = new ArrayList<>(prefix);
        command.addAll(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx128m",
                "-XX:TieredStopAtLevel=1",
                "-cp",
                Arrays.stream(System.getProperty("java.class.path").split(File.pathSeparator))
                        .filter(entry -> jars.test(Path.of(entry)))
                        .collect(Collectors.joining(File.pathSeparator)),
                program.getName()));
        command.addAll(List.of(arguments));
        ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
        builder.environment().putAll(environment);
        process = builder.start();
        input = new PrintWriter(process.outputWriter(StandardCharsets.UTF_8), true);
        Thread reader = new Thread(this::readOutput, "output of " + program.getSimpleName());
        reader.setDaemon(true);
        reader.start();
    }

    public ChildJvm(Class<?> program, String... arguments) throws IOException {
        this(program, jar -> true, Map.of(), arguments);
    }

    /** Called by the child: says one line to the parent. */
    public static void answer(Object line) {
        System.out.println(ANSWER + String.valueOf(line).replace('\n', ' '));
    }

    private void readOutput() {
        try (BufferedReader lines =
                new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                output.add(line);
                if (line.startsWith(ANSWER)) {
                    answers.add(line.substring(ANSWER.length()));
                }
            }
        } catch (IOException e) {
            // The child was killed.
        }
    }

    public long processId() {
        return process.pid();
    }

    public void tell(String line) {
        input.println(line);
    }

    /** Returns the child's next answer. */
    public String answer() throws InterruptedException {
        String answer = answers.poll(60, TimeUnit.SECONDS);
        assertNotNull(answer, () -> "no answer; the child wrote: " + String.join("\n", output));
        return answer;
    }

    /** Ends the child as a crash would. */
    public void kill() {
        process.destroyForcibly().onExit().join();
    }

    @Override
    public void close() {
        kill();
    }
}
