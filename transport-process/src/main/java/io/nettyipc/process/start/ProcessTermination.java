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
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;

/**
 * Ends a child, and what it has started, within a bounded time. It needs no event loop, which may be gone by then.
 *
 * <p>What a child has started is found by its mark (see {@link SystemProcesses}) and, while the child lives, by asking
 * the system for the child's descendants, which also have it where there are no marks or a program has cleared its
 * environment. On Windows it is in the child's job.
 */
public final class ProcessTermination {
    private static final InternalLogger logger = InternalLoggerFactory.getInstance(ProcessTermination.class);

    /** How long killed processes are looked for again: one may have started another one meanwhile. */
    private static final int MAX_KILLS = 20;

    private static final int KILL_AGAIN_MILLIS = 50;
    private static final int LOOK_AGAIN_MILLIS = 100;

    /** Its thread is started when first needed, stays, and doesn't keep the JVM from ending. */
    private static final EventExecutor EXECUTOR = new DefaultEventExecutor(ProcessTermination::newThread);

    /**
     * Children that have ended, and with them maybe all that they have started: one look at all processes is for all of
     * them.
     */
    private static final Queue<ProcessTermination> ENDED = new ConcurrentLinkedQueue<>();

    private final ProcessChannelConfig config;
    private final Promise<Integer> exit = EXECUTOR.newPromise();
    /** Nothing is left of the child and of what it has started, or nobody is to be ended. */
    private final Promise<Void> gone = EXECUTOR.newPromise();

    private volatile Process process;
    /** Whether nobody needs the child any more. */
    private volatile boolean ending;

    private volatile boolean tree;
    private volatile String mark;
    /** Null where there are no jobs. */
    private volatile ChildJob job;
    /** The processes that the child has started, as far as they were seen. */
    private final Set<ProcessHandle> seen = new LinkedHashSet<>();

    /** When nothing was found for the first time, or 0. */
    private long emptySince;

    private int kills;

    /** For a child that is not started yet. */
    ProcessTermination(ProcessChannelConfig config) {
        this.config = config;
        // A user who cancels the future must not keep the exit code from others.
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

    /** Prepares what is going to be started. */
    void prepare(ProcessBuilder builder) {
        tree = config.isTree();
        if (tree) {
            mark = SystemProcesses.mark(builder);
        }
    }

    /** From here on there is a child to end. */
    void started(Process process) {
        // First: who has the process may end it.
        job = ChildJob.of(process, tree);
        this.process = process;
        LiveChildren.add(this);
        gone.addListener(future -> forget());
    }

    private void forget() {
        LiveChildren.remove(this);
        if (job != null) {
            job.close();
        }
    }

    /**
     * Waits for the child's end. {@link Process#onExit} would need a thread of the common pool, which the application's
     * tasks may occupy.
     */
    void awaitExit() {
        Process started = process();
        for (; ; ) {
            try {
                exit.trySuccess(started.waitFor());
                break;
            } catch (InterruptedException e) {
                // No code has a reason to interrupt this thread.
                logger.debug("Waiting for {} goes on", started, e);
            }
        }
        lookForTheRest();
    }

    /**
     * Nobody needs it any more: lets it end by itself, then asks it, then kills it.
     *
     * @param cause why there will be no child, if there is none
     */
    void abandon(Throwable cause) {
        if (process == null) {
            exit.tryFailure(cause);
            return;
        }
        end();
        if (!gone.isDone() && tree && mark == null) {
            // The child may end before it has to be asked.
            EXECUTOR.execute(this::look);
        }
        after(timeoutMillis(), this::ask);
    }

    /** Asks it to end, then kills it; returns {@link #exitFuture()}. */
    public Future<Integer> ask() {
        process();
        end();
        if (!gone.isDone()) {
            EXECUTOR.execute(() -> signal(false));
            after(timeoutMillis(), this::kill);
        }
        return exit;
    }

    /** Kills it; returns {@link #exitFuture()}. */
    public Future<Integer> kill() {
        process();
        end();
        if (!gone.isDone()) {
            EXECUTOR.execute(this::killNow);
        }
        return exit;
    }

    private void killNow() {
        kills++;
        signal(true);
        if (kills < MAX_KILLS && !gone.isDone()) {
            after(KILL_AGAIN_MILLIS, this::killNow);
        }
    }

    private void after(int timeoutMillis, Runnable step) {
        if (gone.isDone()) {
            return;
        }
        Future<?> timer = EXECUTOR.schedule(step, timeoutMillis, TimeUnit.MILLISECONDS);
        gone.addListener(ended -> timer.cancel(false));
    }

    private void end() {
        ending = true;
        lookForTheRest();
    }

    /**
     * The child has ended, or is not needed any more. If both, it is over unless something is left of what it has
     * started.
     */
    private void lookForTheRest() {
        if (!exit.isDone() || gone.isDone()) {
            return;
        }
        if (!tree) {
            gone.trySuccess(null);
        } else if (ending) {
            ENDED.add(this);
            EXECUTOR.execute(ProcessTermination::lookAtEnded);
        }
    }

    private static void lookAtEnded() {
        if (ENDED.isEmpty()) {
            return;
        }
        Map<String, List<ProcessHandle>> marked = SystemProcesses.find();
        for (ProcessTermination ended = ENDED.poll(); ended != null; ended = ENDED.poll()) {
            if (ended.descendants(marked).isEmpty()) {
                ended.foundNothing();
            }
        }
    }

    /**
     * A process that is just becoming another program has no mark for a moment: it is over when nothing is found twice.
     */
    private synchronized void foundNothing() {
        long now = System.nanoTime();
        if (mark == null) {
            gone.trySuccess(null);
        } else if (emptySince == 0) {
            emptySince = now;
            EXECUTOR.schedule(this::lookForTheRest, LOOK_AGAIN_MILLIS, TimeUnit.MILLISECONDS);
        } else if (now - emptySince >= TimeUnit.MILLISECONDS.toNanos(LOOK_AGAIN_MILLIS)) {
            gone.trySuccess(null);
        }
    }

    private List<ProcessHandle> look() {
        return tree ? descendants(mark == null ? Map.of() : SystemProcesses.find()) : List.of();
    }

    /** Returns what the child has started and what lives. */
    private synchronized List<ProcessHandle> descendants(Map<String, List<ProcessHandle>> marked) {
        ProcessHandle child = process().toHandle();
        if (child.isAlive()) {
            seen.addAll(SystemProcesses.descendants(child));
        }
        if (mark != null) {
            seen.addAll(marked.getOrDefault(mark, List.of()));
        }
        if (job != null) {
            seen.addAll(job.processes());
        }
        seen.removeIf(handle -> !SystemProcesses.runs(handle) || handle.equals(child));
        if (!seen.isEmpty()) {
            emptySince = 0;
        }
        return List.copyOf(seen);
    }

    /** Asks or kills all; returns those that were told. Called by the executor's thread, or when the JVM ends. */
    List<ProcessHandle> signal(boolean kill) {
        // Before the child is told: those whose parent ends get another one.
        List<ProcessHandle> told = new ArrayList<>(look());
        ProcessHandle child = process().toHandle();
        if (child.isAlive()) {
            told.add(0, child);
        }
        if (job != null) {
            // Windows has no way to ask.
            job.terminate();
        }
        for (ProcessHandle handle : told) {
            boolean signalled = kill ? handle.destroyForcibly() : handle.destroy();
            logger.trace("{} {}: {}", kill ? "Killed" : "Asked", handle, signalled);
        }
        if (exit.isDone() && told.isEmpty()) {
            foundNothing();
        }
        return told;
    }

    /** The JVM ends: the child meets the end of its input. */
    void closeChannel() {
        end();
        config.closeChannel();
    }

    boolean isChildAlive() {
        return process().isAlive();
    }

    int timeoutMillis() {
        return config.exitTimeoutMillis();
    }
}
