/* Copyright 2026 The Netty IPC Authors. Licensed under the Apache License, Version 2.0; see LICENSE. */
package io.nettyipc.pipe.unix;

import io.netty.util.concurrent.Future;
import io.netty.util.concurrent.GlobalEventExecutor;
import io.netty.util.concurrent.Promise;
import java.util.concurrent.TimeUnit;

/** Ends a child within a bounded time. It needs no event loop, which may be gone by then. */
final class ProcessTermination {
    private final Promise<Integer> exit = GlobalEventExecutor.INSTANCE.newPromise();
    private volatile Process process;

    ProcessTermination() {
        // Nobody has to look at it.
        exit.setUncancellable();
    }

    Future<Integer> exitFuture() {
        return exit;
    }

    /** The process, or null if it isn't started yet. */
    Process process() {
        return process;
    }

    void started(Process process) {
        this.process = process;
        process.onExit().thenAccept(ended -> exit.trySuccess(ended.exitValue()));
    }

    void failedToStart(Throwable cause) {
        exit.tryFailure(cause);
    }

    /** Lets it end by itself, then asks it, then kills it. */
    void letEnd(int timeoutMillis) {
        after(timeoutMillis, () -> ask(timeoutMillis));
    }

    /** Asks it to end, then kills it. */
    void ask(int timeoutMillis) {
        if (!exit.isDone()) {
            process.destroy();
            after(timeoutMillis, this::kill);
        }
    }

    void kill() {
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
