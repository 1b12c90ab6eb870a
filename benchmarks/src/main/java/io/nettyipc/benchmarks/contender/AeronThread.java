/* Copyright 2026 The Netty IPC Authors. Licensed under the Apache License, Version 2.0; see LICENSE. */
package io.nettyipc.benchmarks.contender;

import io.nettyipc.benchmarks.transport.Counters;
import io.nettyipc.benchmarks.transport.Gate;
import io.nettyipc.benchmarks.transport.Side;
import java.io.IOException;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executor;

/** A thread that polls without pause, and looks between two polls whether there is a task. */
final class AeronThread implements Executor, Side {
    private final Queue<Runnable> tasks = new ConcurrentLinkedQueue<>();
    private final Gate gate = new Gate(this);
    private final Thread thread;
    private final Runnable poll;
    private volatile boolean closed;

    /** Starts. {@code poll} looks many times and must not block. */
    AeronThread(String name, Runnable poll) {
        this.poll = poll;
        thread = new Thread(this::run, name);
        thread.setDaemon(true);
        thread.start();
    }

    private void run() {
        while (!closed) {
            Runnable task = tasks.poll();
            if (task != null) {
                task.run();
            }
            poll.run();
        }
    }

    @Override
    public void execute(Runnable task) {
        tasks.add(task);
    }

    @Override
    public Counters resume() {
        gate.open();
        return Counters.read(thread.getId());
    }

    @Override
    public Counters pause() throws IOException, InterruptedException {
        gate.close();
        return Counters.read(thread.getId());
    }

    @Override
    public long threadId() {
        CompletableFuture<Long> id = new CompletableFuture<>();
        execute(() -> id.complete(Counters.callingThreadId()));
        return id.join();
    }

    void close() throws InterruptedException {
        gate.open();
        closed = true;
        thread.join();
    }
}
