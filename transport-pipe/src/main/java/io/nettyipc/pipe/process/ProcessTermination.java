/* Copyright 2026 The Netty IPC Authors. Licensed under the Apache License, Version 2.0; see LICENSE. */
package io.nettyipc.pipe.process;

import io.netty.util.concurrent.Future;
import io.netty.util.concurrent.GlobalEventExecutor;
import io.netty.util.concurrent.Promise;
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

    /** The process, or null if it isn't started yet. */
    public Process process() {
        return process;
    }

    /** From here on there is a child to end. */
    public void started(Process process) {
        this.process = process;
        process.onExit().thenAccept(ended -> exit.trySuccess(ended.exitValue()));
    }

    /** There is and will be no child. */
    public void failedToStart(Throwable cause) {
        exit.tryFailure(cause);
    }

    /** Lets it end by itself, then asks it, then kills it. */
    public void letEnd(int timeoutMillis) {
        after(timeoutMillis, () -> ask(timeoutMillis));
    }

    /** Asks it to end, then kills it. */
    public void ask(int timeoutMillis) {
        if (!exit.isDone()) {
            process.destroy();
            after(timeoutMillis, this::kill);
        }
    }

    /** Kills it. */
    public void kill() {
        if (!exit.isDone()) {
            process.destroyForcibly();
        }
    }

    private void after(int timeoutMillis, Runnable step) {
        if (exit.isDone()) {
            return;
        }
        Future<?> timer = GlobalEventExecutor.INSTANCE.schedule(step, timeoutMillis, TimeUnit.MILLISECONDS);
        exit.addListener(ended -> timer.cancel(false));
    }
}
