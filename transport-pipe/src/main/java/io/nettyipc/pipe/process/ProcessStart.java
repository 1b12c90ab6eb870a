/* Copyright 2026 The Netty IPC Authors. Licensed under the Apache License, Version 2.0; see LICENSE. */
package io.nettyipc.pipe.process;

import io.nettyipc.pipe.ProcessAddress;
import io.nettyipc.pipe.ProcessStderr;
import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.util.function.Consumer;

/** Starts a child. */
public final class ProcessStart {
    private ProcessStart() {}

    /**
     * Starts a child. This takes milliseconds, and the system's time to find the program.
     *
     * @param redirection gives the builder the pipes
     * @param termination is told of the child
     * @return why it could not be started, or null
     */
    public static Throwable start(
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
            termination.started(builder.start());
            return null;
        } catch (IOException e) {
            return new IOException(address + " can't be started: " + e.getMessage(), e);
        } catch (RuntimeException e) {
            return e;
        }
    }
}
