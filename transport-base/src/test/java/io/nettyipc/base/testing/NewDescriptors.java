/* Copyright 2026 The Netty IPC Authors. Licensed under the Apache License, Version 2.0; see LICENSE. */
package io.nettyipc.base.testing;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Predicate;

/**
 * What this process opens from now on, as {@code /proc} of Linux tells it, and whether programs that anybody in this
 * process starts inherit it. The JDK closes all descriptors in its children by itself, so that only their flags show
 * it.
 */
public final class NewDescriptors {

    private static final int O_CLOEXEC = 02000000;

    private final Predicate<String> watched;
    private final Map<Path, String> before;

    /**
     * Begins.
     *
     * @param watched says by what a descriptor is open for, as in {@code socket:[123]}, whether it counts; the JVM
     *     opens files when it likes
     */
    public NewDescriptors(Predicate<String> watched) throws IOException {
        this.watched = watched;
        before = open();
    }

    private Map<Path, String> open() throws IOException {
        Map<Path, String> found = new HashMap<>();
        try (DirectoryStream<Path> all = Files.newDirectoryStream(Path.of("/proc/self/fd"))) {
            for (Path descriptor : all) {
                try {
                    String target = Files.readSymbolicLink(descriptor).toString();
                    if (watched.test(target)) {
                        found.put(descriptor.getFileName(), target);
                    }
                } catch (IOException e) {
                    // The one of the stream itself, or closed meanwhile.
                }
            }
        }
        return found;
    }

    /** So many are new, and no program would inherit one. */
    public void assertClosedInChildren(int expected) throws IOException {
        Map<Path, String> opened = open();
        opened.keySet().removeAll(before.keySet());
        assertEquals(expected, opened.size(), opened::toString);
        for (Map.Entry<Path, String> entry : opened.entrySet()) {
            String flags = Files.readAllLines(Path.of("/proc/self/fdinfo").resolve(entry.getKey())).stream()
                    .filter(line -> line.startsWith("flags:"))
                    .findFirst()
                    .orElseThrow()
                    .substring("flags:".length())
                    .trim();
            assertTrue((Integer.parseInt(flags, 8) & O_CLOEXEC) != 0, entry + " has " + flags);
        }
    }
}
