/* Copyright 2026 The Netty IPC Authors. Licensed under the Apache License, Version 2.0; see LICENSE. */
package io.nettyipc.examples.doctor;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileStore;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** What the system lets this process have. */
final class Limits {

    private static final Path LIMITS = Path.of("/proc/self/limits");
    private static final Path OPEN_FILES = Path.of("/proc/self/fd");
    private static final Path SHM = Path.of("/dev/shm");
    /** Of the second version of control groups, and of the first. */
    private static final List<String> CONTAINER_MEMORY =
            List.of("/sys/fs/cgroup/memory.max", "/sys/fs/cgroup/memory/memory.limit_in_bytes");

    private Limits() {}

    static void print(Doctor.Report report) {
        if (File.separatorChar != '/') {
            report.line("none", "that this system tells");
            return;
        }
        boolean any = openFiles(report);
        any |= lockedMemory(report);
        any |= container(report);
        any |= sharedMemory(report);
        if (!any) {
            report.line("none", "that this system tells");
        }
    }

    private static boolean openFiles(Doctor.Report report) {
        String limit = limit("Max open files");
        if (limit == null) {
            return false;
        }
        try (Stream<Path> files = Files.list(OPEN_FILES)) {
            report.line("open files", limit + ", " + files.count() + " are open");
        } catch (IOException | UncheckedIOException e) {
            report.line("open files", limit);
        }
        return true;
    }

    private static boolean lockedMemory(Doctor.Report report) {
        String limit = limit("Max locked memory");
        if (limit == null) {
            return false;
        }
        report.line("locked memory", limit.equals("unlimited") ? limit : JvmReport.mebibytes(Long.parseLong(limit)));
        return true;
    }

    /** Returns the soft limit of that name; null where the system doesn't tell. */
    private static String limit(String name) {
        try {
            for (String line : Files.readAllLines(LIMITS)) {
                if (line.startsWith(name)) {
                    return line.substring(name.length()).strip().split(" +", 2)[0];
                }
            }
        } catch (IOException e) {
            // Another system.
        }
        return null;
    }

    private static boolean container(Doctor.Report report) {
        for (String file : CONTAINER_MEMORY) {
            try {
                String limit = Files.readString(Path.of(file)).strip();
                boolean none = limit.equals("max") || Long.parseLong(limit) > 1L << 60;
                report.line("control group's memory", none ? "no limit" : JvmReport.mebibytes(Long.parseLong(limit)));
                return true;
            } catch (IOException | NumberFormatException e) {
                // The other version, another system, or a control group of its own.
            }
        }
        return false;
    }

    /** Where shared memory that is no memfd would be; memfds count for the control group only. */
    private static boolean sharedMemory(Doctor.Report report) {
        try {
            FileStore store = Files.getFileStore(SHM);
            report.line(
                    "/dev/shm",
                    JvmReport.mebibytes(store.getTotalSpace()) + ", " + JvmReport.mebibytes(store.getUsableSpace())
                            + " are free");
            return true;
        } catch (IOException e) {
            return false;
        }
    }
}
