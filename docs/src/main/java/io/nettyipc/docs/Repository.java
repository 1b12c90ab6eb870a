/* Copyright 2026 The Netty IPC Authors. Licensed under the Apache License, Version 2.0; see LICENSE. */
package io.nettyipc.docs;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Stream;

/** The files of this project, as they lie in the working tree, and its pages among them. */
final class Repository {
    private static final Set<String> NO_SOURCES = Set.of(".git", "target", "node_modules");

    private final Path root;

    /**
     * @param root absolute
     */
    Repository(Path root) {
        this.root = root;
    }

    /** The one that the working directory is in. */
    static Repository current() {
        Path directory = Path.of("").toAbsolutePath();
        while (directory != null && !Files.exists(directory.resolve("CHANGELOG.md"))) {
            directory = directory.getParent();
        }
        if (directory == null) {
            throw new IllegalStateException(
                    "the working directory " + Path.of("").toAbsolutePath() + " is not in the project");
        }
        return new Repository(directory);
    }

    Path root() {
        return root;
    }

    /** All pages in Markdown, README first. */
    List<Page> pages() {
        List<Page> pages = new ArrayList<>();
        for (Path file : files(root, path -> path.toString().endsWith(".md"))) {
            pages.add(new Page(root, root.relativize(file)));
        }
        pages.sort(Comparator.comparing(page -> !page.path().equals(Path.of("README.md"))));
        return pages;
    }

    /** Files below a directory that are sources, not results, in the order of their paths. */
    static List<Path> files(Path directory, Predicate<Path> wanted) {
        List<Path> found = new ArrayList<>();
        collect(directory, wanted, found);
        return found;
    }

    private static void collect(Path directory, Predicate<Path> wanted, List<Path> found) {
        List<Path> entries;
        try (Stream<Path> listed = Files.list(directory)) {
            entries = listed.sorted().toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        for (Path entry : entries) {
            if (Files.isDirectory(entry)) {
                if (!NO_SOURCES.contains(entry.getFileName().toString())) {
                    collect(entry, wanted, found);
                }
            } else if (wanted.test(entry)) {
                found.add(entry);
            }
        }
    }
}
