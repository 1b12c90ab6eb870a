/* Copyright 2026 The Netty IPC Authors. Licensed under the Apache License, Version 2.0; see LICENSE. */
package io.nettyipc.benchmarks.process;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;

/** What runs in a {@link CommandProcess}. */
public final class CommandLoop {
    /** What an answer begins with: the JVM itself writes warnings to standard output too. */
    static final String OK = "@ok ";

    static final String ERROR = "@error ";

    private CommandLoop() {}

    /** Does one command, split at its blanks. */
    public interface Commands {
        /** Returns the answer, without a line break. */
        String run(String[] command) throws IOException, InterruptedException;
    }

    /** Obeys until the standard input ends, and then ends the JVM. */
    public static void run(Commands commands) throws IOException {
        PrintStream answers = System.out;
        // Whatever a library prints must not be taken for an answer.
        System.setOut(System.err);
        BufferedReader input = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        for (String command = input.readLine(); command != null; command = input.readLine()) {
            String answer;
            try {
                answer = OK + commands.run(command.split(" ", -1));
            } catch (Exception e) {
                String message = e instanceof IOException ? e.getMessage() : e.toString();
                answer = ERROR + message.replaceAll("\\s+", " ");
            }
            answers.println(answer);
        }
        // Not waiting for threads that someone forgot: the other process has gone or wants to.
        System.exit(0);
    }
}
