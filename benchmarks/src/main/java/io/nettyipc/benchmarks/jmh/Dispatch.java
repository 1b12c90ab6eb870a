/* Copyright 2026 The Netty IPC Authors. Licensed under the Apache License, Version 2.0; see LICENSE. */
package io.nettyipc.benchmarks.jmh;

import io.netty.channel.EventLoop;
import io.nettyipc.benchmarks.contender.Contenders;
import io.nettyipc.benchmarks.transport.Loop;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/**
 * A task handed to an event loop, and back: the loop's own wake-up. {@code pipe} on Windows is a packet posted to the
 * completion port and its dispatch; elsewhere it is an eventfd or a selector's wake-up.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(value = 1, jvmArgsAppend = "--enable-native-access=ALL-UNNAMED")
public class Dispatch {
    /** See {@link Contenders#all()}. */
    @Param({"tcp-nio", "pipe", "shm-adaptive"})
    public String contender;

    private final Semaphore done = new Semaphore(0);
    private final Runnable task = done::release;
    private Loop loop;
    private EventLoop thread;

    /** Starts the loop. */
    @Setup
    public void open() {
        loop = Loop.open(Contenders.nettyById(contender));
        thread = loop.group().next();
    }

    /** Ends it. */
    @TearDown
    public void close() {
        loop.close();
    }

    /** There and back. */
    @Benchmark
    public void wakeUp() throws InterruptedException {
        thread.execute(task);
        done.acquire();
    }
}
