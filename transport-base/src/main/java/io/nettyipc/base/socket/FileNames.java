/* Copyright 2026 The Netty IPC Authors. Licensed under the Apache License, Version 2.0; see LICENSE. */
package io.nettyipc.base.socket;

import java.nio.file.InvalidPathException;
import java.nio.file.Path;

/**
 * Which names are equal, and whether a path names the same file for all who use it. Netty's native transports and this
 * one encode paths as UTF-8, and the JDK as the locale says: a path that the locale can't express would be two
 * different files.
 */
public final class FileNames {
    private FileNames() {}

    /** Returns what is wrong with a path and what to do, as in "has …: do …", or {@code null}. */
    public static String problem(String path) {
        if (path.indexOf('\0') >= 0) {
            return "has a NUL character (abstract sockets are not supported): give the path of a file";
        }
        if (path.chars().allMatch(character -> character < 0x80)) {
            return null;
        }
        String encoding = System.getProperty("sun.jnu.encoding", "UTF-8");
        if (!encoding.equalsIgnoreCase("UTF-8")) {
            return "has characters outside ASCII, and this JVM's file names are in " + encoding
                    + ": start it with LC_ALL=C.UTF-8, or use ASCII";
        }
        try {
            Path unused = Path.of(path);
            return null;
        } catch (InvalidPathException e) {
            return "cannot be a file name: " + e.getReason() + ": use ASCII";
        }
    }

    /**
     * Folds case as Windows compares names of pipes and mailslots: character by character. Letters outside ASCII never
     * become ASCII, as they would in Java ({@code U+212A}, the Kelvin sign).
     */
    public static String foldAsWindows(String name) {
        StringBuilder folded = new StringBuilder(name.length());
        for (int i = 0; i < name.length(); i++) {
            char c = name.charAt(i);
            char lower = Character.toLowerCase(Character.toUpperCase(c));
            folded.append(c >= 0x80 && lower < 0x80 ? c : lower);
        }
        return folded.toString();
    }
}
