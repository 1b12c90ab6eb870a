/* Copyright 2026 The Netty IPC Authors. Licensed under the Apache License, Version 2.0; see LICENSE. */
package io.nettyipc.benchmarks.report;

import io.nettyipc.benchmarks.contender.Contender;
import io.nettyipc.benchmarks.workload.Topic;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Ratios that compare like with like, beside those to the baseline: whoever spins with a socket that spins as well, and
 * one protocol with another on the same transport.
 */
final class Contrasts {
    private static final String SPINNING_SOCKET = "tcp-epoll-busy";
    private static final String CALLS = "calls-100";
    private static final String GRPC = "grpc-direct-100";

    private final Run run;
    private final Map<String, Map<Contender, Ratio>> contrasts = new LinkedHashMap<>();

    private Contrasts(Run run) {
        this.run = run;
    }

    /** Returns them by what they say, each by contender; as many as this run can give. */
    static Map<String, Map<Contender, Ratio>> of(Run run) {
        Contrasts all = new Contrasts(run);
        run.contenders().stream()
                .filter(contender -> contender.id().equals(SPINNING_SOCKET) && contender != run.baseline())
                .findFirst()
                .ifPresent(all::addSpinning);
        Topic calls = all.topic(CALLS);
        Topic grpc = all.topic(GRPC);
        if (calls != null && grpc != null) {
            for (Contender contender : run.contenders()) {
                all.add(
                        calls.title() + ": times as many a second as gRPC's on the same transport",
                        contender,
                        run.results()
                                .ratio(
                                        contender,
                                        calls,
                                        contender,
                                        grpc,
                                        calls.measures().get(0)));
            }
        }
        return all.contrasts;
    }

    private void addSpinning(Contender socket) {
        for (Topic topic : run.topics()) {
            for (Contender contender : run.contenders()) {
                if (contender.spins() && contender != socket) {
                    add(
                            topic.title() + ": times better than " + socket.label() + ", which spins as well",
                            contender,
                            run.results()
                                    .ratio(
                                            contender,
                                            topic,
                                            socket,
                                            topic,
                                            topic.measures().get(0)));
                }
            }
        }
    }

    private void add(String title, Contender contender, Ratio ratio) {
        if (ratio != null) {
            contrasts.computeIfAbsent(title, t -> new LinkedHashMap<>()).put(contender, ratio);
        }
    }

    private Topic topic(String id) {
        return run.topics().stream()
                .filter(topic -> topic.id().equals(id))
                .findFirst()
                .orElse(null);
    }
}
