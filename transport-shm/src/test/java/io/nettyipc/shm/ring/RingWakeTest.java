/* Copyright 2026 The Netty IPC Authors. Licensed under the Apache License, Version 2.0; see LICENSE. */
package io.nettyipc.shm.ring;

import static org.junit.jupiter.api.Assertions.assertTrue;

import io.nettyipc.base.testing.TestSize;
import java.nio.ByteBuffer;
import java.util.concurrent.Callable;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;

/**
 * Going to sleep against being woken, met head-on by two threads over and over: of the two, at least one has to notice
 * the other. A stress test proves nothing about processors it does not run on; without either full fence it fails here
 * (x86-64), within a second.
 *
 * <p>{@code -Dnettyipc.test.millis} sets how long each test runs.
 */
class RingWakeTest {

    private static final long NANOS =
            TimeUnit.MILLISECONDS.toNanos(Integer.getInteger("nettyipc.test.millis", TestSize.of(1_000, 30_000)));
    private static final long MAX_NANOS = NANOS + TimeUnit.SECONDS.toNanos(30);
    private static final int CAPACITY = RingLayout.MIN_CAPACITY;

    private final TestConnection connection = new TestConnection(CAPACITY);
    private final RingWriter writer = connection.a.writer();
    private final RingReader reader = connection.b.reader();

    @Test
    void aReaderThatFallsAsleepDuringACommitIsRungFor() throws Exception {
        ByteBuffer source = ByteBuffer.allocateDirect(8);
        ByteBuffer target = ByteBuffer.allocateDirect(8);
        race(
                reader::sleepUntilData,
                () -> {
                    writer.write(source.clear());
                    return writer.commit();
                },
                () -> {
                    reader.wake();
                    reader.read(target.clear());
                    reader.release();
                });
    }

    @Test
    void aReaderThatFallsAsleepDuringTheEndIsRungFor() throws Exception {
        TestConnection[] connections = new TestConnection[1 << 10];
        for (int i = 0; i < connections.length; i++) {
            connections[i] = new TestConnection(CAPACITY);
        }
        int[] next = {0};
        // A stream ends only once.
        race(
                () -> connections[next[0]].b.reader().sleepUntilData(),
                () -> connections[next[0]].a.writer().end(),
                () -> {
                    connections[next[0]] = connections[next[0]].renewed();
                    next[0] = (next[0] + 1) % connections.length;
                });
    }

    @Test
    void aWriterThatFallsAsleepDuringAReleaseIsRungFor() throws Exception {
        ByteBuffer source = ByteBuffer.allocateDirect(CAPACITY);
        ByteBuffer target = ByteBuffer.allocateDirect(CAPACITY / 2);
        writer.write(source);
        writer.commit();
        reader.readableBytes();
        race(
                writer::sleepUntilSpace,
                () -> {
                    reader.read(target.clear());
                    return reader.release();
                },
                () -> {
                    writer.wake();
                    writer.write(source.clear());
                    writer.commit();
                    reader.readableBytes();
                });
    }

    /**
     * Runs both against each other, and {@code reset} alone after each time.
     *
     * @param sleeper returns whether it sleeps
     * @param waker   returns whether it rings
     */
    private static void race(Callable<Boolean> sleeper, Callable<Boolean> waker, Reset reset) throws Exception {
        // Odd: the waker may go; even: it has gone. Negative: the end.
        AtomicLong turn = new AtomicLong();
        boolean[] rang = {false};
        FutureTask<Void> wakerTask = new FutureTask<>(() -> {
            for (long next = 1; await(turn, next); next += 2) {
                rang[0] = waker.call();
                turn.setRelease(next + 1);
            }
            return null;
        });
        Thread thread = new Thread(wakerTask, "waker");
        thread.setDaemon(true);
        thread.start();
        long rounds = 0;
        long sleptAndRung = 0;
        long stayedAwake = 0;
        long start = System.nanoTime();
        // Where the waker has to wait for a processor, it may take long until the two meet.
        for (long time = 0;
                time < NANOS || (time < MAX_NANOS && (sleptAndRung == 0 || stayedAwake == 0));
                time = System.nanoTime() - start) {
            long next = 2 * rounds + 1;
            turn.setRelease(next);
            // Shifts the two against each other, to meet at every distance.
            for (long spin = rounds % 64; spin > 0; spin--) {
                Thread.onSpinWait();
            }
            boolean slept = sleeper.call();
            while (turn.getAcquire() != next + 1) {
                if (wakerTask.isDone()) {
                    wakerTask.get();
                }
                Thread.onSpinWait();
            }
            rounds++;
            if (slept && !rang[0]) {
                throw new AssertionError("lost wake-up in round " + rounds);
            }
            sleptAndRung += slept ? 1 : 0;
            stayedAwake += slept ? 0 : 1;
            reset.run();
        }
        turn.set(-1);
        wakerTask.get();
        System.out.println(rounds + " rounds: slept and was rung for " + sleptAndRung + " times, saw it itself "
                + stayedAwake + " times");
        assertTrue(sleptAndRung > 0 && stayedAwake > 0, "the two never met: nothing was tested");
    }

    private static boolean await(AtomicLong turn, long next) {
        for (long spins = 1; ; spins++) {
            long now = turn.getAcquire();
            if (now == next || now < 0) {
                return now == next;
            }
            if (spins % 10_000 == 0) {
                LockSupport.parkNanos(1_000);
            }
            Thread.onSpinWait();
        }
    }

    private interface Reset {
        void run() throws Exception;
    }
}
