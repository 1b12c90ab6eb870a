/* Copyright 2026 The Netty IPC Authors. Licensed under the Apache License, Version 2.0; see LICENSE. */
package io.nettyipc.benchmarks.process;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/** JVMs that do nothing but keep a processor busy, each: what else a machine may have to do. */
public final class BusyProcesses implements AutoCloseable {
    private final List<CommandProcess> processes = new ArrayList<>();

    /** Starts so many. */
    public BusyProcesses(int count) throws IOException {
        try {
            for (int i = 0; i < count; i++) {
                CommandProcess process = new CommandProcess(
                        "busy", System.getProperty("java.class.path"), BusyProcesses.class, List.of());
                processes.add(process);
                process.ask("begin");
            }
        } catch (IOException e) {
            close();
            throw e;
        }
    }

    /** The other processes' program. */
    public static void main(String[] args) throws IOException {
        CommandLoop.run(command -> {
            Thread spinning = new Thread(BusyProcesses::spin, "spinning");
            spinning.setDaemon(true);
            spinning.start();
            return "";
        });
    }

    private static void spin() {
        while (!Thread.interrupted()) {
            Thread.onSpinWait();
        }
    }

    @Override
    public void close() {
        processes.forEach(CommandProcess::close);
    }
}
