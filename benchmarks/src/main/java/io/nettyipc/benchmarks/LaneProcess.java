/* Copyright 2026 The Netty IPC Authors. Licensed under the Apache License, Version 2.0; see LICENSE. */
package io.nettyipc.benchmarks;

import io.nettyipc.benchmarks.contender.Contender;
import io.nettyipc.benchmarks.process.CommandProcess;
import io.nettyipc.benchmarks.workload.Figures;
import io.nettyipc.benchmarks.workload.Workload;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;

/**
 * A client's JVM with a server's JVM of its own, told what to do from here: a {@link Lane} at a time. What shares a JVM
 * is compiled for all that is in there. With thirteen transports in one, Netty's code was slower than an application
 * with one transport has it, by more the faster the transport was.
 */
final class LaneProcess implements AutoCloseable {
    private final CommandProcess process;

    /**
     * Starts it, for these workloads.
     *
     * @param name how messages call it
     * @param file what is sent as a file
     * @param maxSliceMillis how long a slice may take
     */
    LaneProcess(String name, String classPath, Path file, int maxSliceMillis, List<Workload> workloads)
            throws IOException {
        List<String> arguments = new ArrayList<>(List.of(file.toString(), Integer.toString(maxSliceMillis)));
        workloads.forEach(workload -> arguments.add(workload.id()));
        process = new CommandProcess(name, classPath, LaneMain.class, arguments);
    }

    /** Why it can't measure that contender; empty if it can. */
    String unavailable(String contender) throws IOException, InterruptedException {
        return ask("unavailable " + contender);
    }

    /** Opens both sides; TCP listens from that port on, or anywhere if it is 0. */
    void open(Contender contender, String name, int port) throws IOException, InterruptedException {
        ask("open " + contender.id() + ' ' + name + ' ' + port);
    }

    /** As {@link Lane#begin}, for the workload with that place in the list. */
    void begin(int workload) throws IOException, InterruptedException {
        ask("begin " + workload);
    }

    /** As {@link Lane#slice}. */
    long slice() throws IOException, InterruptedException {
        return Long.parseLong(ask("slice"));
    }

    /** As {@link Lane#countSystemCalls}. */
    SystemCalls.Count countSystemCalls() throws IOException, InterruptedException {
        String[] counts = ask("calls").split(" ", -1);
        return new SystemCalls.Count(Double.parseDouble(counts[0]), Double.parseDouble(counts[1]));
    }

    /** As {@link Lane#end}. */
    Figures end() throws IOException, InterruptedException {
        return Figures.decode(ask("end"));
    }

    /** Closes both sides; the JVMs go on. */
    void closeLane() throws IOException, InterruptedException {
        ask("close");
    }

    /**
     * Lets the compilers of all of them finish, in both JVMs of each; returns how long they have worked, in
     * milliseconds.
     */
    static long settleCompilers(Collection<LaneProcess> lanes) throws IOException, InterruptedException {
        for (LaneProcess lane : lanes) {
            lane.process.send("settle");
        }
        long compiled = 0;
        for (LaneProcess lane : lanes) {
            try {
                compiled += Long.parseLong(lane.process.receive("settle"));
            } catch (IOException e) {
                throw lane.process.explain(e);
            }
        }
        return compiled;
    }

    private String ask(String command) throws IOException, InterruptedException {
        try {
            return process.ask(command);
        } catch (IOException e) {
            // Its end explains whatever went wrong.
            throw process.explain(e);
        }
    }

    @Override
    public void close() {
        process.close();
    }
}
