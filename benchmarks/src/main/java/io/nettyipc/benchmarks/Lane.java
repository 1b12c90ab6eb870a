/* Copyright 2026 The Netty IPC Authors. Licensed under the Apache License, Version 2.0; see LICENSE. */
package io.nettyipc.benchmarks;

import io.nettyipc.benchmarks.contender.Client;
import io.nettyipc.benchmarks.contender.Contender;
import io.nettyipc.benchmarks.contender.Server;
import io.nettyipc.benchmarks.process.ServerProcess;
import io.nettyipc.benchmarks.transport.Counters;
import io.nettyipc.benchmarks.workload.Figures;
import io.nettyipc.benchmarks.workload.Measure;
import io.nettyipc.benchmarks.workload.Session;
import io.nettyipc.benchmarks.workload.Workload;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** A contender in one round: its two sides, which run only while it is its turn, and what it is doing. */
final class Lane {
    private static final int SYSTEM_CALL_SLICES = 2;

    private final Contender contender;
    private final Server server;
    private final Client client;
    private final int maxSliceMillis;

    private Workload workload;
    private Session session;
    private long operations;
    private Counters clientCost;
    private Counters serverCost;

    /**
     * Opens both sides.
     *
     * @param process for the server, if it is not to be in this process
     * @param port    TCP listens from there on, or anywhere if it is 0
     * @param maxSliceMillis how long a slice may take
     */
    Lane(
            Contender contender,
            ServerProcess process,
            String name,
            int port,
            List<Workload> workloads,
            int maxSliceMillis)
            throws IOException, InterruptedException {
        this.contender = contender;
        this.maxSliceMillis = maxSliceMillis;
        server = contender.isInOneProcess()
                ? contender.listen(name, workloads, () -> 0)
                : process.open(contender, name, port);
        client = contender.client(name, server.location());
        pause();
    }

    /** Connects, and runs one slice that does not count. */
    void begin(Workload workload, int index) throws IOException, InterruptedException {
        this.workload = workload;
        resume();
        session = client.open(workload, index);
        run();
        session.reset();
        pause();
        operations = 0;
        clientCost = Counters.ZERO;
        serverCost = Counters.ZERO;
    }

    /** Measures one slice and returns the number of its operations. */
    long slice() throws IOException, InterruptedException {
        Counters serverBefore = server.side().resume();
        Counters clientBefore = client.side().resume();
        long count = run();
        operations += count;
        clientCost = clientCost.plus(client.side().pause().minus(clientBefore));
        serverCost = serverCost.plus(server.side().pause().minus(serverBefore));
        return count;
    }

    /** Runs some slices and returns the system calls of the two threads that carry the messages, per operation. */
    SystemCalls.Count countSystemCalls() throws IOException, InterruptedException {
        resume();
        long clientThread = client.side().threadId();
        long serverThread = server.side().threadId();
        pause();
        // While the counter starts and ends, both threads stand still.
        try (SystemCalls calls = SystemCalls.of(clientThread, serverThread)) {
            resume();
            long count = 0;
            for (int i = 0; i < SYSTEM_CALL_SLICES; i++) {
                count += run();
            }
            pause();
            return calls.stop(count);
        }
    }

    private long run() throws IOException, InterruptedException {
        return session.run(TimeUnit.MILLISECONDS.toNanos(Math.min(workload.sliceMillis(), maxSliceMillis)));
    }

    /** Takes down the figures and closes the connections. */
    Figures end() throws IOException, InterruptedException {
        Figures figures = new Figures();
        session.record(figures);
        figures.put(Measure.CLIENT_CPU, clientCost.cpuNanos() / 1e3 / operations);
        if (!workload.hasLoopsOfItsOwn()) {
            figures.put(Measure.CLIENT_HEAP, (double) clientCost.allocatedBytes() / operations);
            figures.put(Measure.SERVER_HEAP, (double) serverCost.allocatedBytes() / operations);
        }
        if (!contender.isInOneProcess()) {
            figures.put(Measure.SERVER_CPU, serverCost.cpuNanos() / 1e3 / operations);
        }
        resume();
        session.close();
        pause();
        return figures;
    }

    private void resume() throws IOException, InterruptedException {
        server.side().resume();
        client.side().resume();
    }

    private void pause() throws IOException, InterruptedException {
        client.side().pause();
        server.side().pause();
    }

    /** Closes both sides. */
    void close() throws IOException, InterruptedException {
        resume();
        client.close();
        server.close();
    }
}
