/* Copyright 2026 The Netty IPC Authors. Licensed under the Apache License, Version 2.0; see LICENSE. */
package io.nettyipc.examples;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class CommandsTest {

    private static final String COMMAND = "mvn -q -pl examples -am compile -Dexample=";

    @Test
    void theCommentOfEachProgramSaysHowToStartItOrWhatDoes() throws IOException {
        Path sources = Path.of("src", "main", "java", "io", "nettyipc", "examples");
        List<Path> programs;
        try (Stream<Path> files = Files.walk(sources)) {
            programs = files.filter(file ->
                            file.toString().endsWith(".java") && read(file).contains("void main("))
                    .toList();
        }
        assertTrue(programs.size() > 10, programs::toString);
        for (Path program : programs) {
            // A command may go on in the comment's next line.
            String comments = read(program).replaceAll("\\R \\* ", " ");
            assertTrue(
                    comments.contains(COMMAND) || comments.contains(" starts it."),
                    () -> program + " lacks the command: " + COMMAND + "…");
        }
    }

    private static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }
}
