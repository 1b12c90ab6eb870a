/* Copyright 2026 The Netty IPC Authors. Licensed under the Apache License, Version 2.0; see LICENSE. */
package io.nettyipc.pipe.process;

import io.netty.util.concurrent.Future;
import io.netty.util.concurrent.GlobalEventExecutor;
import io.netty.util.concurrent.Promise;
import java.nio.channels.NotYetConnectedException;
import java.util.concurrent.TimeUnit;

/** Ends a child within a bounded time. It needs no event loop, which may be gone by then. */
public final class ProcessTermination {
    private final Promise<Integer> exit = GlobalEventExecutor.INSTANCE.newPromise();
    private volatile Process process;

    /** For a child that is not started yet. */
    public ProcessTermination() {
        // Nobody has to look at it.
        exit.setUncancellable();
    }

    /** What {@link io.nettyipc.pipe.ProcessChannel#exitFuture()} returns. */
    public Future<Integer> exitFuture() {
        return exit;
    }

    /**
     * The process.
     *
     * @throws NotYetConnectedException if it isn't started yet
     */
    public Process process() {
        Process started = process;
        if (started == null) {
            throw new NotYetConnectedException();
        }
        return started;
    }

    /** From here on there is a child to end. */
    public void started(Process process) {
        this.process = process;
        process.onExit().thenAccept(ended -> exit.trySuccess(ended.exitValue()));
    }

    /**
     * Nobody needs it any more: lets it end by itself, then asks it, then kills it.
     *
     * @param cause why there will be no child, if there is none
     */
    public void abandon(int timeoutMillis, Throwable cause) {
        if (process == null) {
            exit.tryFailure(cause);
        } else {
            after(timeoutMillis, () -> ask(timeoutMillis));
        }
    }

    /** Asks it to end, then kills it; returns {@link #exitFuture()}. */
    public Future<Integer> ask(int timeoutMillis) {
        Process started = process();
        if (!exit.isDone()) {
            started.destroy();
            after(timeoutMillis, this::kill);
        }
        return exit;
    }

    /** Kills it; returns {@link #exitFuture()}. */
    public Future<Integer> kill() {
        Process started = process();
        if (!exit.isDone()) {
            started.destroyForcibly();
        }
        return exit;
    }

    private void after(int timeoutMillis, Runnable step) {
        if (exit.isDone()) {
            return;
        }
        Future<?> timer = GlobalEventExecutor.INSTANCE.schedule(step, timeoutMillis, TimeUnit.MILLISECONDS);
        exit.addListener(ended -> timer.cancel(false));
    }
}
