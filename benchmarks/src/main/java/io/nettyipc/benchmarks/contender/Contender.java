/* Copyright 2026 The Netty IPC Authors. Licensed under the Apache License, Version 2.0; see LICENSE. */
package io.nettyipc.benchmarks.contender;

import io.nettyipc.benchmarks.workload.Topic;
import io.nettyipc.benchmarks.workload.Workload;
import java.io.IOException;
import java.util.List;
import java.util.function.IntSupplier;

/** One way to carry messages between two processes on this machine. */
public interface Contender {
    /** How the two processes, and the user, name it. */
    String id();

    /** How tables name it. */
    String label();

    /** Why it cannot run here, or null. */
    String unavailable();

    /** Why it cannot be measured so, or null. */
    String unsupported(Topic topic);

    /** Whether its ends look for messages instead of being woken, always or while they come: that takes a core each. */
    boolean spins();

    /** Whether both ends are in the client's process: a reference, not a way between processes. */
    boolean isInOneProcess();

    /**
     * Starts the server's side in this process.
     *
     * @param name      a name nobody else on this machine uses
     * @param workloads the workloads of this run
     * @param ports     gives a TCP port for each listener that needs one; 0 is any
     */
    Server listen(String name, List<Workload> workloads, IntSupplier ports) throws IOException, InterruptedException;

    /**
     * Starts the client's side in this process.
     *
     * @param name     what the server was given
     * @param location what the server then returned as its location
     */
    Client client(String name, String location) throws IOException, InterruptedException;
}
