/* Copyright 2026 The Netty IPC Authors. Licensed under the Apache License, Version 2.0; see LICENSE. */
package io.nettyipc.benchmarks.workload;

import java.util.Locale;

/** What may be measured of a workload. */
public enum Measure {
    P50("p50", "us", true),
    P90("p90", "us", true),
    P99("p99", "us", true),
    P999("p99.9", "us", true),
    MEAN("mean", "us", true),
    /** The uncorrected counterpart of {@link #P99} where requests go out at a fixed rate. */
    P99_UNCORRECTED("raw p99", "us", true),
    BYTES("rate", "MB/s", false),
    OPERATIONS("rate", "1/s", false),
    /** Heap and direct memory of both ends of a connection. */
    CONNECTION_MEMORY("sum", "B", true),
    CONNECTION_HEAP("heap", "B", true),
    CONNECTION_DIRECT("direct", "B", true),
    /** What the process has grown by, without its heap. */
    CONNECTION_PROCESS("process", "B", true),
    IDLE_CPU("CPU", "ms/s", true),
    CLIENT_CPU("client CPU", "us", true),
    SERVER_CPU("server CPU", "us", true),
    CLIENT_HEAP("client heap", "B", true),
    SERVER_HEAP("server heap", "B", true),
    CLIENT_CALLS("client system calls", "", true),
    SERVER_CALLS("server system calls", "", true);

    public final String title;
    public final String unit;
    public final boolean lowerIsBetter;

    Measure(String title, String unit, boolean lowerIsBetter) {
        this.title = title;
        this.unit = unit;
        this.lowerIsBetter = lowerIsBetter;
    }

    /** Its name in files. */
    public String id() {
        return name().toLowerCase(Locale.ROOT);
    }
}
