/* Copyright 2026 The Netty IPC Authors. Licensed under the Apache License, Version 2.0; see LICENSE. */
package io.nettyipc.benchmarks.report;

import io.nettyipc.benchmarks.contender.Contender;
import io.nettyipc.benchmarks.workload.Topic;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.HdrHistogram.Histogram;
import org.HdrHistogram.HistogramLogWriter;

/** Writes a run into a directory: {@code report.html}, {@code results.json}, {@code latency.hlog} and the charts. */
public final class ReportFiles {
    private final Run run;
    private final Path directory;

    public ReportFiles(Run run, Path directory) {
        this.run = run;
        this.directory = directory;
    }

    /** Writes all of it and returns the page. */
    public Path write() throws IOException {
        Files.createDirectories(directory);
        Map<String, String> charts = new Charts(run).draw();
        for (Map.Entry<String, String> chart : charts.entrySet()) {
            Files.writeString(directory.resolve(chart.getKey() + ".svg"), chart.getValue());
        }
        Files.writeString(directory.resolve("results.json"), new JsonReport(run).write());
        writeHistograms(directory.resolve("latency.hlog"));
        Path page = directory.resolve("report.html");
        Files.writeString(page, new HtmlReport(run, charts).write());
        return page;
    }

    /** Nanoseconds; each histogram's tag is {@code contender/workload}. */
    private void writeHistograms(Path file) throws IOException {
        try (PrintStream out = new PrintStream(Files.newOutputStream(file), false, StandardCharsets.UTF_8)) {
            HistogramLogWriter log = new HistogramLogWriter(out);
            log.outputComment(run.machine().toString());
            log.outputLogFormatVersion();
            log.outputLegend();
            for (Topic topic : run.topics()) {
                for (Contender contender : run.contenders()) {
                    Histogram latency = run.results().latency(contender, topic);
                    if (latency != null) {
                        latency.setTag(contender.id() + '/' + topic.id());
                        log.outputIntervalHistogram(0, 0, latency, 1e6);
                    }
                }
            }
        }
    }
}
