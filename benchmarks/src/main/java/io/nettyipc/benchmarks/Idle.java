/* Copyright 2026 The Netty IPC Authors. Licensed under the Apache License, Version 2.0; see LICENSE. */
package io.nettyipc.benchmarks;

import io.nettyipc.benchmarks.contender.Contender;
import io.nettyipc.benchmarks.contender.Contenders;
import io.nettyipc.benchmarks.contender.NettyContender;
import io.nettyipc.benchmarks.process.JavaProcess;
import io.nettyipc.benchmarks.report.ProgressBar;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * What 1,000 idle connections cost.
 *
 * <pre>mvn -q -pl benchmarks -am compile -Dbenchmark=Idle</pre>
 *
 * Each contender is measured in a JVM of its own, which holds both ends of every connection.
 */
public final class Idle {
    private static final int LABEL = 33;

    private Idle() {}

    public static void main(String[] args) {
        int connections = 1000;
        int seconds = 5;
        try {
            connections = args.length > 0 ? Integer.parseInt(args[0]) : connections;
            seconds = args.length > 1 ? Integer.parseInt(args[1]) : seconds;
        } catch (NumberFormatException e) {
            System.err.println("usage: Idle [CONNECTIONS [SECONDS]]");
            System.exit(2);
        }
        try {
            measure(connections, seconds);
        } catch (Exception e) {
            System.err.println("idle: " + e.getMessage());
            System.exit(1);
        }
    }

    private static void measure(int connections, int seconds) throws IOException, InterruptedException {
        Map<Contender, IdleProcess.Figures> figures = new LinkedHashMap<>();
        ProgressBar progress = new ProgressBar(Contenders.all().size());
        for (Contender contender : Contenders.all()) {
            progress.step(contender.label());
            if (contender instanceof NettyContender && contender.unavailable() == null) {
                figures.put(contender, run(contender, connections, seconds));
            }
        }
        progress.clear();

        System.out.printf(
                Locale.ROOT,
                "%n%s %s, Java %s: %d idle connections, both ends in one JVM%n%n",
                System.getProperty("os.name"),
                System.getProperty("os.arch"),
                System.getProperty("java.version"),
                connections);
        System.out.printf(
                "%-" + LABEL + "s%12s%12s%12s%16s%28s%n",
                "",
                "heap",
                "direct",
                "sum",
                "process memory",
                "CPU ms in " + seconds + " s, without");
        System.out.printf(
                "%-" + LABEL + "s%12s%12s%12s%16s%28s%n",
                "",
                "B per conn.",
                "B per conn.",
                "B per conn.",
                "B per conn.",
                "and with the connections");
        System.out.println("-".repeat(LABEL + 80));
        figures.forEach((contender, f) -> System.out.printf(
                Locale.ROOT,
                "%-" + LABEL + "s%12d%12d%12d%16d%20.0f%8.0f%n",
                contender.label(),
                f.heap() / connections,
                f.direct() / connections,
                (f.heap() + f.direct()) / connections,
                f.process() / connections,
                f.cpuMillisBefore(),
                f.cpuMillisIdle()));

        IdleProcess.Figures baseline = figures.values().iterator().next();
        System.out.println();
        figures.forEach((contender, f) -> System.out.printf(
                Locale.ROOT,
                "%-" + LABEL + "s%+d B of heap and direct memory per connection beyond %s%n",
                contender.label(),
                (f.heap() + f.direct() - baseline.heap() - baseline.direct()) / connections,
                Contenders.all().get(0).label()));
        System.out.println(
                "\nProcess memory leaves out the Java heap, which is committed beforehand. It grows in steps:"
                        + "\nonly differences of some KiB per connection mean something.");
    }

    private static IdleProcess.Figures run(Contender contender, int connections, int seconds)
            throws IOException, InterruptedException {
        // A heap that is all there from the start stays out of the process's memory figures.
        Process process = JavaProcess.start(
                List.of("-Xms256m", "-Xmx256m", "-XX:+AlwaysPreTouch"),
                IdleProcess.class,
                contender.id(),
                Integer.toString(connections),
                Integer.toString(seconds));
        Thread onExit = new Thread(process::destroyForcibly, "end-child");
        Runtime.getRuntime().addShutdownHook(onExit);
        try (BufferedReader output = process.inputReader(StandardCharsets.UTF_8)) {
            for (String line = output.readLine(); line != null; line = output.readLine()) {
                if (line.startsWith(IdleProcess.RESULT)) {
                    return IdleProcess.Figures.parse(line.substring(IdleProcess.RESULT.length()));
                }
                System.err.println(line);
            }
            throw new IOException(contender.label() + ": the process ended with exit code " + process.waitFor()
                    + " and without figures");
        } finally {
            JavaProcess.end(process);
            Runtime.getRuntime().removeShutdownHook(onExit);
        }
    }
}
