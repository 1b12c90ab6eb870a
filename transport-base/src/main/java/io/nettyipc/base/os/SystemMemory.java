/* Copyright 2026 The Netty IPC Authors. Licensed under the Apache License, Version 2.0; see LICENSE. */
package io.nettyipc.base.os;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** How much memory this process may have, with what it shares: a container's limit, else the machine's memory. */
public final class SystemMemory {
    private static final Pattern TOTAL = Pattern.compile("^MemTotal:\\s+(\\d+) kB", Pattern.MULTILINE);
    private static final Pattern DIGITS = Pattern.compile("\\d{1,18}");

    private SystemMemory() {}

    /** Returns the limit in bytes, or {@link Long#MAX_VALUE} where the system doesn't tell. */
    public static long limit() {
        return Platform.current() == Platform.LINUX ? limit(Path.of("/")) : Long.MAX_VALUE;
    }

    /** Looks below a root directory. */
    static long limit(Path root) {
        long limit = total(read(root.resolve("proc/meminfo")));
        for (String line : read(root.resolve("proc/self/cgroup")).split("\n", -1)) {
            // A number, the controllers, and the group's path.
            String[] parts = line.split(":", 3);
            if (parts.length != 3) {
                continue;
            }
            if (parts[1].isEmpty()) {
                limit = Math.min(limit, limit(root.resolve("sys/fs/cgroup"), parts[2], "memory.max"));
            } else if (parts[1].equals("memory")) {
                limit = Math.min(limit, limit(root.resolve("sys/fs/cgroup/memory"), parts[2], "memory.limit_in_bytes"));
            }
        }
        return limit;
    }

    private static long total(String meminfo) {
        Matcher total = TOTAL.matcher(meminfo);
        return total.find() ? Long.parseLong(total.group(1)) << 10 : Long.MAX_VALUE;
    }

    /**
     * The smallest limit of a group and the ones that it is in. In a container the path may be one of the machine's.
     */
    private static long limit(Path groups, String path, String file) {
        long limit = Long.MAX_VALUE;
        Path group = Path.of("/").relativize(Path.of(path).normalize());
        for (Path p = groups.resolve(group).normalize(); p != null && p.startsWith(groups); p = p.getParent()) {
            String text = read(p.resolve(file)).strip();
            if (DIGITS.matcher(text).matches()) {
                limit = Math.min(limit, Long.parseLong(text));
            }
        }
        return limit;
    }

    private static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            // It isn't there, or not for us.
            return "";
        }
    }
}
