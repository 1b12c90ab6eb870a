/* Copyright 2026 The Netty IPC Authors. Licensed under the Apache License, Version 2.0; see LICENSE. */
package io.nettyipc.examples;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * An example, run as its reader would: a program of its own, with somebody typing. The compiler that starts quickly is
 * enough.
 */
public final class ExampleProgram implements AutoCloseable {
    private final Process process;
    private final BufferedReader output;
    private final PrintWriter input;

    public ExampleProgram(Class<?> main, String... arguments) throws IOException {
        this(Map.of(), main, arguments);
    }

    public ExampleProgram(Map<String, String> environment, Class<?> main, String... arguments) throws IOException {
        this(environment, command(main, arguments));
    }

    /** A program that is none of the examples. */
    public ExampleProgram(List<String> command) throws IOException {
        this(Map.of(), command);
    }

    private static List<String> command(Class<?> main, String... arguments) {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                "-XX:+UseSerialGC",
                "-Dstdout.encoding=UTF-8",
                "-Dfile.encoding=UTF-8",
                main.getName()));
        command.addAll(List.of(arguments));
        return command;
    }

    private ExampleProgram(Map<String, String> environment, List<String> command) throws IOException {
        ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
        builder.environment().put("CLASSPATH", System.getProperty("java.class.path"));
        // Under Wine a JVM warns of processor affinities that Wine doesn't know, in the midst of the program's lines.
        builder.environment().put("JDK_JAVA_OPTIONS", "-XX:-PrintWarnings");
        builder.environment().putAll(environment);
        process = builder.start();
        output = process.inputReader(StandardCharsets.UTF_8);
        input = new PrintWriter(process.outputWriter(StandardCharsets.UTF_8), true);
    }

    public void type(String line) {
        input.println(line);
    }

    public void type(byte[] bytes) throws IOException {
        process.getOutputStream().write(bytes);
        process.getOutputStream().flush();
    }

    /** The next line of its output that begins so. */
    public String awaitLine(String start) throws IOException {
        List<String> seen = new ArrayList<>();
        for (String line = output.readLine(); line != null; line = output.readLine()) {
            seen.add(line);
            if (line.startsWith(start)) {
                return line;
            }
        }
        throw new AssertionError("the program ended without the line \"" + start + "\": " + seen);
    }

    /** Waits for its end, and returns what it has printed and nobody has read. */
    public String awaitEnd() throws IOException, InterruptedException {
        StringWriter rest = new StringWriter();
        output.transferTo(rest);
        process.waitFor();
        return rest.toString();
    }

    /** Ends its input and returns how it ends. */
    public int finish() throws IOException, InterruptedException {
        input.close();
        output.transferTo(java.io.Writer.nullWriter());
        return process.waitFor();
    }

    @Override
    public void close() {
        process.descendants().forEach(ProcessHandle::destroyForcibly);
        process.destroyForcibly().onExit().join();
    }
}
