/* Copyright 2026 The Netty IPC Authors. Licensed under the Apache License, Version 2.0; see LICENSE. */
package io.nettyipc.docs;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.spi.ToolProvider;
import java.util.stream.Stream;

/** Javadoc of all modules together, what they export to everybody. */
final class Api {
    private static final Pattern NAME = Pattern.compile("^(?:open )?module ([\\w.]+) \\{", Pattern.MULTILINE);

    /** To everybody, and not to named modules only. */
    private static final Pattern EXPORTS = Pattern.compile("^ *exports [\\w.]+;", Pattern.MULTILINE);

    private final Repository repository;
    private final Path output;

    Api(Repository repository, Path output) {
        this.repository = repository;
        this.output = output;
    }

    void write() throws IOException {
        List<String> arguments = new ArrayList<>(List.of(
                "-quiet",
                "-notimestamp",
                "-Xdoclint:none",
                "-encoding",
                "UTF-8",
                "-d",
                output.toString(),
                "--release",
                "17",
                "-windowtitle",
                "Netty IPC",
                "-doctitle",
                "Netty IPC"));
        List<String> modules = new ArrayList<>();
        List<Path> descriptors = Repository.files(repository.root(), path -> path.endsWith("module-info.java"));
        for (Path descriptor : descriptors) {
            String text = Files.readString(descriptor);
            Matcher name = NAME.matcher(text);
            if (name.find()) {
                if (EXPORTS.matcher(text).find()) {
                    modules.add(name.group(1));
                }
                arguments.add("--module-source-path");
                arguments.add(name.group(1) + '=' + descriptor.getParent());
            }
        }
        arguments.add("--module");
        arguments.add(String.join(",", modules));
        arguments.add("--module-path");
        arguments.add(String.join(File.pathSeparator, others()));
        int result = ToolProvider.findFirst("javadoc")
                .orElseThrow(() -> new IOException("no javadoc here: run this with a JDK"))
                .run(System.out, System.err, arguments.toArray(String[]::new));
        if (result != 0) {
            throw new IOException("javadoc failed");
        }
    }

    /** The class path without this project's own classes, which Javadoc reads as sources. */
    private static List<String> others() {
        return Stream.of(System.getProperty("java.class.path").split(Pattern.quote(File.pathSeparator), -1))
                .filter(entry -> entry.endsWith(".jar")
                        && !Path.of(entry).getFileName().toString().startsWith("nettyipc-"))
                .toList();
    }
}
