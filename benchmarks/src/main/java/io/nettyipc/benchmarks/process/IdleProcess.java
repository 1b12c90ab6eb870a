/* Copyright 2026 The Netty IPC Authors. Licensed under the Apache License, Version 2.0; see LICENSE. */
package io.nettyipc.benchmarks.process;

import io.nettyipc.benchmarks.contender.Contender;
import io.nettyipc.benchmarks.workload.Figures;
import io.nettyipc.benchmarks.workload.IdleConnections;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** A JVM that holds both ends of a contender's idle connections, and measures itself. */
public final class IdleProcess {
    private IdleProcess() {}

    /** Runs it to its end. */
    public static Figures measure(Contender contender, IdleConnections idle) throws IOException, InterruptedException {
        // A heap that is all there from the start stays out of the process's memory figures.
        Process process = JavaProcess.start(
                List.of("-Xms256m", "-Xmx256m", "-XX:+AlwaysPreTouch"),
                System.getProperty("java.class.path"),
                IdleMain.class,
                contender.id(),
                Integer.toString(idle.connections()),
                Integer.toString(idle.seconds()));
        Thread onExit = new Thread(process::destroyForcibly, "end-child");
        Runtime.getRuntime().addShutdownHook(onExit);
        try (BufferedReader output = process.inputReader(StandardCharsets.UTF_8)) {
            for (String line = output.readLine(); line != null; line = output.readLine()) {
                if (line.startsWith(IdleMain.RESULT)) {
                    return IdleMain.parse(line.substring(IdleMain.RESULT.length()));
                }
                System.err.println(line);
            }
            throw new IOException("the process of the idle connections ended with exit code " + process.waitFor());
        } finally {
            JavaProcess.end(process);
            Runtime.getRuntime().removeShutdownHook(onExit);
        }
    }
}
