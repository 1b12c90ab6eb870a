/* Copyright 2026 The Netty IPC Authors. Licensed under the Apache License, Version 2.0; see LICENSE. */
package io.nettyipc.benchmarks;

import java.util.List;

/** What is measured of each contender in each round. */
enum Metric {
    ROUND_TRIP_P50("64 B p50", "us", true),
    ROUND_TRIP_P99("64 B p99", "us", true),
    STREAM_RATE("64 KiB", "MB/s", false),
    FILE_RATE("file", "MB/s", false),

    ROUND_TRIP_CLIENT_CPU("client CPU", "us", true),
    ROUND_TRIP_SERVER_CPU("server CPU", "us", true),
    ROUND_TRIP_CLIENT_HEAP("client heap", "B", true),
    ROUND_TRIP_SERVER_HEAP("server heap", "B", true),

    STREAM_CLIENT_CPU("client CPU", "us", true),
    STREAM_SERVER_CPU("server CPU", "us", true),
    STREAM_CLIENT_HEAP("client heap", "B", true),
    STREAM_SERVER_HEAP("server heap", "B", true);

    static final List<Metric> ROUND_TRIP_COSTS =
            List.of(ROUND_TRIP_CLIENT_CPU, ROUND_TRIP_SERVER_CPU, ROUND_TRIP_CLIENT_HEAP, ROUND_TRIP_SERVER_HEAP);
    static final List<Metric> STREAM_COSTS =
            List.of(STREAM_CLIENT_CPU, STREAM_SERVER_CPU, STREAM_CLIENT_HEAP, STREAM_SERVER_HEAP);

    final String title;
    final String unit;
    final boolean lowerIsBetter;

    Metric(String title, String unit, boolean lowerIsBetter) {
        this.title = title;
        this.unit = unit;
        this.lowerIsBetter = lowerIsBetter;
    }
}
