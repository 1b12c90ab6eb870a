/* Copyright 2026 The Netty IPC Authors. Licensed under the Apache License, Version 2.0; see LICENSE. */
package io.nettyipc.benchmarks.report;

import io.nettyipc.benchmarks.contender.Contender;

/** A contender's looks in all charts: the colour tells what it is, the dashes how it waits. */
final class Palette {
    private Palette() {}

    static String colour(Contender contender) {
        String id = contender.id();
        int dash = id.indexOf('-');
        String family = dash < 0 ? id : id.substring(0, dash);
        return switch (family) {
            case "tcp", "unix", "pipe", "shm", "aeron" -> "var(--" + family + ")";
            default -> "var(--other)";
        };
    }

    static String dash(Contender contender) {
        String id = contender.id();
        if (id.endsWith("busy")) {
            return "9 3 2 3";
        }
        if (id.contains("io_uring") || id.endsWith("none")) {
            return "2 3";
        }
        if (id.endsWith("large")) {
            return "1 4";
        }
        return id.endsWith("epoll") ? "7 4" : "none";
    }
}
