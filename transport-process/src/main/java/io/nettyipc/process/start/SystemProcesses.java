/* Copyright 2026 The Netty IPC Authors. Licensed under the Apache License, Version 2.0; see LICENSE. */
package io.nettyipc.process.start;

import io.netty.util.internal.logging.InternalLogger;
import io.netty.util.internal.logging.InternalLoggerFactory;
import io.nettyipc.base.os.Platform;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicLong;
import java.util.regex.Pattern;

/**
 * The processes of this machine. Finds what a child has started also when the child has ended: a process whose parent
 * ends gets another parent, but keeps its environment, where each child of this transport has a variable with a mark of
 * its own. On Linux only, where the environment of this user's processes can be read.
 */
final class SystemProcesses {
    /** Marks from the outside in, with colons between them: a child may be a JVM that has children like these. */
    private static final String VARIABLE = "NETTYIPC_CHILD";

    private static final InternalLogger logger = InternalLoggerFactory.getInstance(SystemProcesses.class);

    private static final Pattern ENDED = Pattern.compile(" [ZX]");
    private static final Path PROC = Path.of("/proc");
    private static final boolean AVAILABLE =
            Platform.current() == Platform.LINUX && Files.isReadable(PROC.resolve("self/environ"));

    /** Process ids are used again, also by JVMs. */
    private static final String PREFIX = ProcessHandle.current().pid() + "-"
            + Long.toHexString(ThreadLocalRandom.current().nextLong()) + '-';

    private static final AtomicLong COUNT = new AtomicLong();

    private SystemProcesses() {}

    /** Marks a child that is going to be started; returns its mark, or null where marks can't be read. */
    static String mark(ProcessBuilder builder) {
        if (!AVAILABLE) {
            return null;
        }
        String mark = PREFIX + COUNT.incrementAndGet();
        builder.environment().merge(VARIABLE, mark, (outer, own) -> outer + ':' + own);
        return mark;
    }

    /**
     * Returns the processes that live, by their marks; none if the system doesn't tell: those that are known by other
     * means are still ended.
     */
    static Map<String, List<ProcessHandle>> find() {
        if (!AVAILABLE) {
            return Map.of();
        }
        Map<String, List<ProcessHandle>> found = new HashMap<>();
        try (DirectoryStream<Path> processes = Files.newDirectoryStream(PROC, "[1-9]*")) {
            for (Path process : processes) {
                // The handle first: it is good for this process only, and not for a later one of the same number.
                ProcessHandle.of(Long.parseLong(process.getFileName().toString()))
                        .ifPresent(handle -> marksOf(process)
                                .forEach(mark -> found.computeIfAbsent(mark, key -> new ArrayList<>())
                                        .add(handle)));
            }
        } catch (IOException | DirectoryIteratorException e) {
            logger.debug("Children are not looked for by their marks", e);
        }
        return found;
    }

    /** Returns what a process has started and what lives; nothing if the system doesn't tell. */
    static List<ProcessHandle> descendants(ProcessHandle process) {
        try {
            return process.descendants().toList();
        } catch (RuntimeException e) {
            // The JDK's: there is no /proc, for example.
            logger.debug("The descendants of {} can't be listed", process, e);
            return List.of();
        }
    }

    /**
     * Returns whether a process runs. One that has ended is there until its parent asks for its exit code, which the
     * first process of many containers never does.
     */
    static boolean runs(ProcessHandle process) {
        if (!process.isAlive()) {
            return false;
        }
        if (Platform.current() != Platform.LINUX) {
            return true;
        }
        try {
            String stat = Files.readString(
                    PROC.resolve(Long.toString(process.pid())).resolve("stat"), StandardCharsets.ISO_8859_1);
            // The name before it may have any character.
            return !ENDED.matcher(stat.substring(stat.lastIndexOf(')') + 1)).lookingAt();
        } catch (IOException e) {
            return process.isAlive();
        }
    }

    private static List<String> marksOf(Path process) {
        try {
            // Not text in general, but the variable is, and it begins behind the end of another one.
            String environment =
                    '\0' + new String(Files.readAllBytes(process.resolve("environ")), StandardCharsets.ISO_8859_1);
            int start = environment.indexOf('\0' + VARIABLE + '=');
            if (start < 0) {
                return List.of();
            }
            start += VARIABLE.length() + 2;
            int end = environment.indexOf('\0', start);
            return List.of(environment
                    .substring(start, end < 0 ? environment.length() : end)
                    .split(":", -1));
        } catch (IOException e) {
            // Another user's, or it has ended.
            return List.of();
        }
    }
}
