/* Copyright 2026 The Netty IPC Authors. Licensed under the Apache License, Version 2.0; see LICENSE. */
package io.nettyipc.process.start;

import io.netty.util.concurrent.DefaultEventExecutor;
import io.netty.util.concurrent.EventExecutor;
import io.netty.util.concurrent.FastThreadLocalThread;
import io.netty.util.concurrent.Future;
import io.netty.util.concurrent.Promise;
import io.netty.util.internal.logging.InternalLogger;
import io.netty.util.internal.logging.InternalLoggerFactory;
import java.nio.channels.NotYetConnectedException;
import java.util.concurrent.TimeUnit;

/** Ends a child within a bounded time. It needs no event loop, which may be gone by then. */
public final class ProcessTermination {
    private static final InternalLogger logger = InternalLoggerFactory.getInstance(ProcessTermination.class);

    /** Its thread is started when first needed, stays, and doesn't keep the JVM from ending. */
    private static final EventExecutor EXECUTOR = new DefaultEventExecutor(ProcessTermination::newThread);

    private final Promise<Integer> exit = EXECUTOR.newPromise();
    private volatile Process process;

    /** For a child that is not started yet. */
    public ProcessTermination() {
        // Nobody has to look at it.
        exit.setUncancellable();
    }

    private static Thread newThread(Runnable task) {
        Thread thread = new FastThreadLocalThread(null, task, "nettyipc-process");
        thread.setDaemon(true);
        // It may be some application's of many, and outlive it.
        thread.setContextClassLoader(null);
        return thread;
    }

    /** What {@link io.nettyipc.process.ProcessChannel#exitFuture()} returns. */
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
    void started(Process process) {
        this.process = process;
    }

    /**
     * Waits for the child's end. {@link Process#onExit} would need a thread of the common pool, which the application's tasks may
     * occupy.
     */
    void awaitExit() {
        Process started = process();
        for (; ; ) {
            try {
                exit.trySuccess(started.waitFor());
                return;
            } catch (InterruptedException e) {
                // Nobody who knows this thread has a reason to.
                logger.debug("Waiting for {} goes on", started, e);
            }
        }
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
        Future<?> timer = EXECUTOR.schedule(step, timeoutMillis, TimeUnit.MILLISECONDS);
        exit.addListener(ended -> timer.cancel(false));
    }
}
