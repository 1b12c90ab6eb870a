/* Copyright 2026 The Netty IPC Authors. Licensed under the Apache License, Version 2.0; see LICENSE. */
package io.nettyipc.process.start;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;

/**
 * The children of this JVM, which end with it: while there are any, a shutdown hook is in place. It takes no thread of
 * others: the JVM may have been ended on an event loop, or by a listener of a child's end.
 */
final class LiveChildren {
    /** The longest that the JVM's end waits for each step. */
    private static final int MAX_STEP_MILLIS = 1000;

    private static final int LOOK_MILLIS = 5;

    private static final Set<ProcessTermination> CHILDREN = new HashSet<>();
    /** Or null while there are no children: it would keep the class loader of an application that was undeployed. */
    private static Thread hook;

    private LiveChildren() {}

    static synchronized void add(ProcessTermination child) {
        CHILDREN.add(child);
        if (hook == null) {
            Thread thread = new Thread(LiveChildren::endAll, "nettyipc-process-end");
            thread.setContextClassLoader(null);
            try {
                Runtime.getRuntime().addShutdownHook(thread);
                hook = thread;
            } catch (IllegalStateException e) {
                // The JVM is ending, too late for this child.
                return;
            }
        }
    }

    static synchronized void remove(ProcessTermination child) {
        CHILDREN.remove(child);
        if (CHILDREN.isEmpty() && hook != null) {
            try {
                Runtime.getRuntime().removeShutdownHook(hook);
            } catch (IllegalStateException e) {
                // It is running.
                return;
            }
            hook = null;
        }
    }

    private static synchronized List<ProcessTermination> all() {
        return List.copyOf(CHILDREN);
    }

    private static void endAll() {
        List<ProcessTermination> children = all();
        int stepMillis = children.stream()
                .mapToInt(child -> Math.min(MAX_STEP_MILLIS, child.timeoutMillis()))
                .max()
                .orElse(0);
        children.forEach(ProcessTermination::closeChannel);
        await(() -> children.stream().noneMatch(ProcessTermination::isChildAlive), stepMillis);
        List<ProcessHandle> asked = signal(children, false);
        await(() -> asked.stream().noneMatch(SystemProcesses::runs), stepMillis);
        // Processes that start others are killed too: when none is found, none is left to start one.
        for (List<ProcessHandle> killed = signal(children, true);
                !killed.isEmpty() && stepMillis >= 0;
                killed = signal(children, true)) {
            List<ProcessHandle> dying = killed;
            await(() -> dying.stream().noneMatch(SystemProcesses::runs), MAX_STEP_MILLIS);
            stepMillis -= MAX_STEP_MILLIS / 2;
        }
    }

    private static List<ProcessHandle> signal(List<ProcessTermination> children, boolean kill) {
        List<ProcessHandle> told = new ArrayList<>();
        children.forEach(child -> told.addAll(child.signal(kill)));
        return told;
    }

    private static void await(BooleanSupplier condition, int millis) {
        long deadline = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(millis);
        try {
            while (!condition.getAsBoolean() && System.nanoTime() - deadline < 0) {
                Thread.sleep(LOOK_MILLIS);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
