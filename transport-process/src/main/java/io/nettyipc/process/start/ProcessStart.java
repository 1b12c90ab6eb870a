/* Copyright 2026 The Netty IPC Authors. Licensed under the Apache License, Version 2.0; see LICENSE. */
package io.nettyipc.process.start;

import io.nettyipc.process.ProcessAddress;
import io.nettyipc.process.ProcessStderr;
import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.net.SocketAddress;
import java.util.function.Consumer;

/** Starts a child. */
final class ProcessStart {
    private ProcessStart() {}

    /**
     * Returns the program that an address names.
     *
     * @throws IllegalArgumentException if it names none
     */
    static ProcessAddress require(SocketAddress address) {
        if (address instanceof ProcessAddress program) {
            return program;
        }
        throw new IllegalArgumentException(
                "not a program but " + address + ": use ProcessAddress.of(\"node\", \"server.js\")");
    }

    /**
     * Starts a child, on a thread of its own: this takes milliseconds, and the system's time to find the program. The
     * thread then waits for the child's end.
     *
     * @param redirection gives the builder the pipes
     * @param termination is told of the child
     * @param ended told, on that thread if there is one, why it could not be started, or null
     */
    static void inBackground(
            ProcessAddress address,
            ProcessStderr stderr,
            Consumer<ProcessBuilder> redirection,
            ProcessTermination termination,
            Consumer<Throwable> ended) {
        Thread starter = new Thread(
                () -> {
                    Throwable failure = start(address, stderr, redirection, termination);
                    try {
                        ended.accept(failure);
                    } finally {
                        if (failure == null) {
                            termination.awaitExit();
                        }
                    }
                },
                "nettyipc-process-" + address.command().get(0));
        starter.setDaemon(true);
        try {
            starter.start();
        } catch (Throwable t) {
            // No more threads, for example.
            ended.accept(t);
        }
    }

    private static Throwable start(
            ProcessAddress address,
            ProcessStderr stderr,
            Consumer<ProcessBuilder> redirection,
            ProcessTermination termination) {
        try {
            ProcessBuilder builder = address.newBuilder();
            if (stderr == ProcessStderr.MERGE) {
                builder.redirectErrorStream(true);
            } else {
                builder.redirectError(stderr == ProcessStderr.DISCARD ? Redirect.DISCARD : Redirect.INHERIT);
            }
            redirection.accept(builder);
            termination.prepare(builder);
            termination.started(builder.start());
            return null;
        } catch (IOException e) {
            return new IOException(address + " can't be started: " + e.getMessage(), e);
        } catch (Throwable t) {
            // Also an error: who waits for the child must not wait for ever.
            return t;
        }
    }
}
