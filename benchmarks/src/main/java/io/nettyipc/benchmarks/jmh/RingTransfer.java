/* Copyright 2026 The Netty IPC Authors. Licensed under the Apache License, Version 2.0; see LICENSE. */
package io.nettyipc.benchmarks.jmh;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.nettyipc.shm.ring.RingLayout;
import io.nettyipc.shm.ring.RingPair;
import io.nettyipc.shm.ring.RingReader;
import io.nettyipc.shm.ring.RingWriter;
import io.nettyipc.shm.segment.Segment;
import java.io.IOException;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
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
 * One message into the ring and out of it on one thread: the copies, the positions and the fences, without the time
 * that a cache line takes from core to core. {@code asleep} adds what the writer does when the reader sleeps, but for
 * the system call: the difference is what eliding a wake-up saves beside that. With {@code -prof gc} nothing is
 * allocated.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(value = 1, jvmArgsAppend = "--enable-native-access=ALL-UNNAMED")
public class RingTransfer {
    private static final int CAPACITY = 1 << 20;

    /** Bytes in a message. */
    @Param({"16", "64", "1024", "65536"})
    public int size;

    private RingPair a;
    private RingPair b;
    private RingWriter writer;
    private RingReader reader;
    private ByteBuf source;
    private ByteBuf target;

    /** Makes both sides' memory. */
    @Setup(Level.Trial)
    public void open() throws IOException {
        Segment ofA = Segment.create(RingLayout.segmentSize(CAPACITY));
        Segment ofB = Segment.create(RingLayout.segmentSize(CAPACITY));
        a = new RingPair(ofA, CAPACITY, ofB, CAPACITY);
        b = new RingPair(ofB, CAPACITY, ofA, CAPACITY);
        writer = a.writer();
        reader = b.reader();
        source = Unpooled.directBuffer(size, size).writeZero(size);
        target = Unpooled.directBuffer(size, size);
    }

    /** Gives the memory back. */
    @TearDown(Level.Trial)
    public void close() {
        a.close();
        b.close();
        source.release();
        target.release();
    }

    /** Both are awake. */
    @Benchmark
    public boolean awake() throws IOException {
        boolean ring = write();
        read();
        return ring;
    }

    /** The reader has said that it sleeps; the writer sees that it has to ring. */
    @Benchmark
    public boolean asleep() throws IOException {
        reader.sleepUntilData();
        boolean ring = write();
        reader.wake();
        read();
        return ring;
    }

    private boolean write() throws IOException {
        source.readerIndex(0);
        writer.write(source);
        return writer.commit();
    }

    private void read() throws IOException {
        target.writerIndex(0);
        reader.read(target);
        reader.release();
    }
}
