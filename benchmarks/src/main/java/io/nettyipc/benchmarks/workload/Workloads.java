/* Copyright 2026 The Netty IPC Authors. Licensed under the Apache License, Version 2.0; see LICENSE. */
package io.nettyipc.benchmarks.workload;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** What the programs know to measure. */
public final class Workloads {
    private static final int KIB = 1024;
    private static final int MIB = 1024 * KIB;

    /** Thousands of connections take longer to open than all the rest, and leases and parts of files are for few. */
    private static final List<String> ON_REQUEST = List.of(
            "connections-50",
            "connections-50-of-5000",
            "lease-64k",
            "lease-1m",
            "lease-16m",
            "lease-untouched-64k",
            "lease-untouched-1m",
            "lease-untouched-16m",
            "stream-file-1m",
            "stream-file-16m");

    private static final List<String> QUICK = List.of("round-trip-64", "stream-64", "stream-64k");

    private final List<Topic> all;

    /** With {@code file} to send; the server's process needs none. */
    public Workloads(Path file) {
        List<Topic> list = new ArrayList<>();
        for (int size : new int[] {64, 4 * KIB, 64 * KIB, MIB}) {
            list.add(new RoundTrips(size));
        }
        for (int size : new int[] {16, 64, KIB, 16 * KIB, 64 * KIB, MIB, 16 * MIB}) {
            list.add(new Stream(size));
        }
        list.add(new Stream(64, 16));
        for (int size : new int[] {64 * KIB, MIB, 16 * MIB}) {
            list.add(new Filled(size));
            list.add(Filled.untouched(size));
        }
        for (int size : new int[] {MIB, 16 * MIB}) {
            list.add(Stream.ofFile(size));
        }
        for (int rate : new int[] {1000, 10_000}) {
            list.add(new FixedRate(rate));
        }
        for (int connections : new int[] {1, 10, 100, 1000}) {
            list.add(new Connections(connections));
        }
        list.add(new Connections(50));
        list.add(new Connections(50, 5000));
        list.add(new Http());
        list.add(new ReactorHttp());
        for (GrpcThreads threads : GrpcThreads.values()) {
            list.add(new GrpcUnary(100, threads));
            list.add(new GrpcUnary(64 * KIB, threads));
            list.add(new GrpcServerStreaming(MIB, threads));
        }
        list.add(new GrpcClientStreaming(KIB));
        list.add(new GrpcTarget(100));
        list.add(new GrpcTarget(64 * KIB));
        list.add(new Calls(100));
        list.add(new ConnectClose());
        list.add(new FileTransfer(file));
        list.add(new IdleConnections(1000, 5));
        all = List.copyOf(list);
    }

    /** Those of the full form, in the order of the report. */
    public List<Topic> full() {
        return all.stream().filter(topic -> !ON_REQUEST.contains(topic.id())).toList();
    }

    /** Those of the quick form. */
    public List<Topic> quick() {
        return byIds(QUICK);
    }

    public List<Topic> byIds(List<String> ids) {
        return ids.stream().map(this::byId).toList();
    }

    private Topic byId(String id) {
        return all.stream()
                .filter(w -> w.id().equals(id))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("no workload \"" + id + "\"; there are "
                        + all.stream().map(Topic::id).toList()));
    }

    /** Those that go through the two processes. */
    public static List<Workload> workloads(List<Topic> topics) {
        return topics.stream()
                .filter(Workload.class::isInstance)
                .map(Workload.class::cast)
                .toList();
    }

    /** 64 is "64", 65536 is "64k", 1048576 is "1m". */
    static String sizeId(int bytes) {
        return bytes >= MIB ? bytes / MIB + "m" : bytes >= KIB ? bytes / KIB + "k" : Integer.toString(bytes);
    }

    static String sizeTitle(int bytes) {
        return bytes >= MIB ? bytes / MIB + " MiB" : bytes >= KIB ? bytes / KIB + " KiB" : bytes + " B";
    }
}
