/* Copyright 2026 The Netty IPC Authors. Licensed under the Apache License, Version 2.0; see LICENSE. */
package io.nettyipc.benchmarks;

import static org.junit.jupiter.api.Assertions.assertAll;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import javax.xml.parsers.DocumentBuilderFactory;
import org.HdrHistogram.Histogram;
import org.HdrHistogram.HistogramLogReader;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What a comparison leaves behind: one run, looked at from all sides. */
class CompareReportTest {
    @TempDir
    private static Path directory;

    private static Path report;
    private static String out;
    private static String err;

    @BeforeAll
    @Timeout(420)
    static void compare() throws Exception {
        report = directory.resolve("report");
        Path file = Files.write(directory.resolve("file"), new byte[1_000_000]);
        try (CompareProgram compare = new CompareProgram(
                directory,
                List.of(),
                "--dry-run",
                "--contenders",
                "tcp-nio,pipe,shm-adaptive,local,aeron",
                "--workloads",
                "round-trip-64,stream-64k,rate-1000,http,http-reactor,grpc-unary-100,grpc-direct-100,"
                        + "grpc-client-stream-1k,grpc-server-stream-1m,grpc-target-100,calls-100,connect,file",
                "--file",
                file.toString())) {
            assertEquals(0, compare.exitCode(), compare.err());
            out = compare.out();
            err = compare.err();
        }
    }

    @Test
    void theTableHasEveryContenderOrWhyItIsMissing() {
        for (String label : List.of("TCP loopback (NIO)", "named pipe (", "shared memory (adaptive)", "Aeron IPC")) {
            assertTrue(out.contains(label), out);
        }
        out.lines()
                .filter(line -> line.contains("not measured"))
                .forEach(line -> assertTrue(line.matches(".*not measured: .+"), line));
    }

    @Test
    void callsAreComparedWithGrpcOnTheSameTransport() {
        List<String> lines = out.lines()
                .dropWhile(line -> !line.endsWith("times as many a second as gRPC's on the same transport"))
                .skip(2)
                .takeWhile(line -> !line.isEmpty())
                .toList();
        assertTrue(
                lines.stream().anyMatch(line -> line.matches("TCP loopback \\(NIO\\) +[0-9.]+x \\(measured once\\)")),
                out);
        assertTrue(lines.stream().anyMatch(line -> line.startsWith("shared memory (adaptive) *")), out);
        assertFalse(lines.stream().anyMatch(line -> line.startsWith("Aeron")), out);
    }

    @Test
    void theProgressIsReadWhereThereIsNoTerminal() {
        List<String> lines = err.lines().filter(line -> line.contains("%: ")).toList();
        assertFalse(lines.isEmpty(), err);
        assertTrue(lines.stream().allMatch(line -> line.matches(" *\\d+ s, +\\d+%: .+")), err);
        assertTrue(lines.stream().anyMatch(line -> line.contains("round 1: ")), err);
    }

    @Test
    void whoeverSpinsHasAStar() {
        assertTrue(out.contains("\nAeron IPC (raw, busy) *"), out);
        assertTrue(out.contains("\nshared memory (adaptive) *"), out);
        assertFalse(out.contains("TCP loopback (NIO) *"), out);
    }

    @Test
    void theHistogramsAreReadByHdrHistogram() throws IOException {
        List<String> tags = new ArrayList<>();
        try (HistogramLogReader reader =
                new HistogramLogReader(report.resolve("latency.hlog").toFile())) {
            for (Histogram h = (Histogram) reader.nextIntervalHistogram();
                    h != null;
                    h = (Histogram) reader.nextIntervalHistogram()) {
                assertTrue(h.getTotalCount() > 0, h.getTag());
                tags.add(h.getTag());
            }
        }
        assertTrue(
                tags.containsAll(List.of("tcp-nio/round-trip-64", "tcp-nio/rate-1000", "local/http")), tags.toString());
    }

    @Test
    void theChartsAreWellFormedAlone() throws Exception {
        try (Stream<Path> files = Files.list(report)) {
            List<Path> charts = files.filter(f -> f.toString().endsWith(".svg")).toList();
            assertTrue(charts.size() >= 5, charts.toString());
            for (Path chart : charts) {
                DocumentBuilderFactory.newInstance().newDocumentBuilder().parse(chart.toFile());
            }
        }
    }

    @Test
    void thePageNeedsNothingElse() throws IOException {
        String page = Files.readString(report.resolve("report.html"));
        assertAll(
                () -> assertFalse(page.contains("<script"), "a script"),
                () -> assertFalse(page.contains("src="), "something to load"),
                () -> assertFalse(page.contains("<link"), "something to load"),
                () -> assertFalse(page.contains("NaN"), "a figure that is none"),
                () -> assertTrue(page.contains("prefers-color-scheme:dark"), "no dark colours"),
                () -> assertTrue(page.contains(System.getProperty("java.runtime.version")), "no JVM"));
    }

    @Test
    void aBrowserShowsThePage() throws Exception {
        String chromium = chromium();
        assumeTrue(chromium != null, "Chromium is not installed");
        Path dom = directory.resolve("dom.html");
        Process browser = new ProcessBuilder(
                        chromium,
                        "--headless",
                        "--no-sandbox",
                        "--disable-gpu",
                        "--user-data-dir=" + directory.resolve("browser"),
                        "--screenshot=" + directory.resolve("page.png"),
                        "--window-size=1160,3000",
                        report.resolve("report.html").toUri().toString())
                .redirectErrorStream(true)
                .redirectOutput(dom.toFile())
                .start();
        try {
            assertTrue(browser.waitFor(60, TimeUnit.SECONDS), "Chromium hangs");
            assertEquals(0, browser.exitValue(), () -> "Chromium failed, see " + dom);
            // An empty page of that size is a tenth of that.
            assertTrue(Files.size(directory.resolve("page.png")) > 100_000, "the page is empty");
        } finally {
            browser.destroyForcibly();
        }
    }

    private static String chromium() {
        for (String name : List.of("/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome")) {
            if (Files.isExecutable(Path.of(name))) {
                return name;
            }
        }
        return null;
    }
}
