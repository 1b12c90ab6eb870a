/* Copyright 2026 The Netty IPC Authors. Licensed under the Apache License, Version 2.0; see LICENSE. */
package io.nettyipc.benchmarks.process;

import io.nettyipc.benchmarks.contender.Contender;
import io.nettyipc.benchmarks.contender.Server;
import io.nettyipc.benchmarks.transport.Counters;
import io.nettyipc.benchmarks.transport.Side;
import io.nettyipc.benchmarks.workload.Workload;
import java.io.IOException;
import java.util.List;

/** The server's JVM, seen from the client's. */
public final class ServerProcess implements AutoCloseable {
    private final CommandProcess process;

    /** Starts it, for these workloads. */
    public ServerProcess(List<Workload> workloads) throws IOException {
        process = new CommandProcess(
                "server",
                System.getProperty("java.class.path"),
                ServerMain.class,
                workloads.stream().map(Workload::id).toList());
    }

    /** Lets the server listen; TCP listeners take {@code port} and those after it, or any if 0. */
    public Server open(Contender contender, String name, int port) throws IOException {
        return new RemoteServer(contender.id(), process.ask("open " + contender.id() + ' ' + name + ' ' + port));
    }

    /** As {@link Compilers#settle}. */
    public long settleCompilers() throws IOException {
        return Long.parseLong(process.ask("settle"));
    }

    /** If the process has ended, says so; else returns {@code failure}. */
    public IOException explain(IOException failure) throws InterruptedException {
        return process.explain(failure);
    }

    @Override
    public void close() {
        process.close();
    }

    /** A contender's server in that process. */
    private final class RemoteServer implements Server, Side {
        private final String id;
        private final String location;

        RemoteServer(String id, String location) {
            this.id = id;
            this.location = location;
        }

        @Override
        public Side side() {
            return this;
        }

        @Override
        public String location() {
            return location;
        }

        @Override
        public Counters resume() throws IOException {
            return counters("resume");
        }

        @Override
        public Counters pause() throws IOException {
            return counters("pause");
        }

        private Counters counters(String command) throws IOException {
            String[] answer = process.ask(command + ' ' + id).split(" ", -1);
            return new Counters(Long.parseLong(answer[0]), Long.parseLong(answer[1]));
        }

        @Override
        public long threadId() throws IOException {
            return Long.parseLong(process.ask("thread " + id));
        }

        @Override
        public void close() throws IOException {
            process.ask("close " + id);
        }
    }
}
