/* Copyright 2026 The Netty IPC Authors. Licensed under the Apache License, Version 2.0; see LICENSE. */
package io.nettyipc.base.testing;

import java.io.File;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/** A program of these tests in another JVM. */
public final class ChildJvm extends AnsweringProcess {

    public ChildJvm(Class<?> program, String... arguments) throws IOException {
        this(program, jar -> true, Map.of(), arguments);
    }

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
        super(program.getSimpleName(), builder(command(prefix, List.of(), program, jars, arguments), environment));
    }

    private ChildJvm(List<String> options, Class<?> program, String... arguments) throws IOException {
        super(program.getSimpleName(), builder(command(List.of(), options, program, jar -> true, arguments), Map.of()));
    }

    /**
     * Starts a JVM with more options.
     *
     * @param options such as a temporary directory of its own: a killed one leaves files there
     */
    public static ChildJvm withOptions(List<String> options, Class<?> program, String... arguments) throws IOException {
        return new ChildJvm(options, program, arguments);
    }

    private static List<String> command(
            List<String> prefix, List<String> options, Class<?> program, Predicate<Path> jars, String... arguments) {
        List<String> command = new ArrayList<>(prefix);
        command.addAll(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx128m",
                "-XX:TieredStopAtLevel=1",
                "-XX:+UseSerialGC",
                // They would be in the midst of the answers.
                "-XX:-PrintWarnings",
                "--enable-native-access=ALL-UNNAMED",
                "-cp",
                Arrays.stream(System.getProperty("java.class.path").split(File.pathSeparator))
                        .filter(entry -> jars.test(Path.of(entry)))
                        .collect(Collectors.joining(File.pathSeparator))));
        command.addAll(options);
        command.add(program.getName());
        command.addAll(List.of(arguments));
        return command;
    }

    private static ProcessBuilder builder(List<String> command, Map<String, String> environment) {
        ProcessBuilder builder = new ProcessBuilder(command);
        builder.environment().putAll(environment);
        return builder;
    }

    /** Called by the child: says one line to the parent. */
    public static void answer(Object line) {
        System.out.println(ANSWER + String.valueOf(line).replace('\n', ' '));
    }
}
