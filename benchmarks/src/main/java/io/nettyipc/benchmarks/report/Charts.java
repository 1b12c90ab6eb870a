/* Copyright 2026 The Netty IPC Authors. Licensed under the Apache License, Version 2.0; see LICENSE. */
package io.nettyipc.benchmarks.report;

import io.nettyipc.benchmarks.contender.Contender;
import io.nettyipc.benchmarks.workload.Measure;
import io.nettyipc.benchmarks.workload.Stream;
import io.nettyipc.benchmarks.workload.Topic;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.HdrHistogram.Histogram;

/** Chooses which charts a run gives. */
final class Charts {
    private static final List<Double> PERCENTILES = List.of(10.0, 50.0, 75.0, 90.0, 95.0, 99.0, 99.5, 99.9);
    /** In the overview, if they were measured. */
    private static final List<String> MAIN = List.of("round-trip-64", "stream-64", "stream-64k");

    private final Run run;

    Charts(Run run) {
        this.run = run;
    }

    /** The pictures by name, the main ones first. */
    Map<String, String> draw() {
        Map<String, String> charts = new LinkedHashMap<>();
        List<Topic> main =
                run.topics().stream().filter(t -> MAIN.contains(t.id())).toList();
        if (main.isEmpty()) {
            main = List.of(run.topics().get(0));
        }
        charts.put("overview", new RatioChart(run, main).draw());
        List<Topic> latencies = run.topics().stream()
                .filter(t ->
                        run.contenders().stream().anyMatch(c -> run.results().latency(c, t) != null))
                .toList();
        latencies.forEach(topic -> charts.put("latency-" + topic.id(), latency(topic)));
        LineChart throughput = throughput();
        if (!throughput.isEmpty()) {
            charts.put("throughput", throughput.draw());
        }
        for (Topic topic : main) {
            if (!Cost.measured(run.results(), topic).isEmpty()) {
                charts.put("cost-" + topic.id(), new CostChart(run, topic).draw());
            }
        }
        return charts;
    }

    private String latency(Topic topic) {
        List<String> places = PERCENTILES.stream()
                .map(p -> p == Math.rint(p) ? p.intValue() + " %" : p + " %")
                .toList();
        LineChart chart = new LineChart("Latency by percentile: " + topic.title(), "us", places);
        for (Contender contender : run.contenders()) {
            Histogram latency = run.results().latency(contender, topic);
            if (latency != null) {
                chart.add(
                        contender,
                        PERCENTILES.stream()
                                .map(p -> latency.getValueAtPercentile(p) / 1e3)
                                .toList());
            }
        }
        return chart.draw();
    }

    private LineChart throughput() {
        List<Stream> streams = run.topics().stream()
                .filter(Stream.class::isInstance)
                .map(Stream.class::cast)
                .filter(Stream::flushesWhenFull)
                .toList();
        LineChart chart = new LineChart(
                "One-way throughput by message size",
                "MB/s",
                streams.stream().map(Stream::sizeTitle).toList());
        for (Contender contender : run.contenders()) {
            chart.add(
                    contender,
                    streams.stream()
                            .map(topic -> run.results().median(contender, topic, Measure.BYTES))
                            .toList());
        }
        return chart;
    }
}
