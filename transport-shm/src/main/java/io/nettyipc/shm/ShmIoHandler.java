/* Copyright 2026 The Netty IPC Authors. Licensed under the Apache License, Version 2.0; see LICENSE. */
package io.nettyipc.shm;

import io.netty.channel.IoEventLoop;
import io.netty.channel.IoHandle;
import io.netty.channel.IoHandler;
import io.netty.channel.IoHandlerContext;
import io.netty.channel.IoRegistration;
import io.netty.util.concurrent.SingleThreadEventExecutor;
import io.netty.util.concurrent.ThreadAwareExecutor;
import io.nettyipc.base.loop.LoopContext;
import io.nettyipc.shm.control.ControlTransport;
import java.util.LinkedHashSet;
import java.util.Set;
import java.util.concurrent.TimeUnit;

/**
 * Serves rings, and leaves everything else to another handler: sockets, the control connections and doorbells of the
 * rings, and waiting. As long as rings are awake it looks at them in turn, without a system call but for a look at what
 * the other handler has, every {@value #MIN_INTERVAL_MICROS} microseconds while it has something, up to every {@value
 * #MAX_INTERVAL_MICROS} while it has nothing. When nothing happens in them for as long as the {@link ShmSpinStrategy}
 * allows, they are put to sleep: from then on the peer rings, and the other handler may block.
 */
final class ShmIoHandler implements IoHandler {

    private static final long MIN_INTERVAL_MICROS = 50;
    private static final long MAX_INTERVAL_MICROS = 200;
    private static final long MIN_INTERVAL_NANOS = TimeUnit.MICROSECONDS.toNanos(MIN_INTERVAL_MICROS);
    private static final long MAX_INTERVAL_NANOS = TimeUnit.MICROSECONDS.toNanos(MAX_INTERVAL_MICROS);
    /** With {@link ShmSpinStrategy#BUSY}; a look at one costs a cache miss at most. */
    private static final int ALWAYS_AWAKE_WHEN_BUSY = 64;
    /** The loop looks at the clock once in this many turns. */
    private static final int CLOCK_TURNS = 8;

    private static final int TURNS_PER_PAUSE = 16;
    private static final int MAX_PAUSES_EXPONENT = 4;

    private final IoHandler transport;
    private final ThreadAwareExecutor executor;
    private final Spinning spinning;
    private final LoopProcessor processor = LoopProcessor.ofThisMachine();
    private final AwakeRings awake;
    private final Set<RingRegistration> registrations = new LinkedHashSet<>();
    private final NonBlocking nonBlocking = new NonBlocking();
    private final LoopCounts counts;
    private final LoopSleep sleep;
    private final Runnable closeChannels = this::closeChannels;
    private ControlTransport control;
    private int rings;
    private boolean destroyed;
    private long transportRanAt = System.nanoTime();
    private long transportInterval = MIN_INTERVAL_NANOS;

    /**
     * Over another handler.
     *
     * @param transport serves pipes
     */
    ShmIoHandler(IoHandler transport, ShmSpinStrategy strategy, ThreadAwareExecutor executor) {
        this.transport = transport;
        this.executor = executor;
        spinning = new Spinning(strategy);
        counts = LoopCounts.ofNew(executor, spinning);
        sleep = new LoopSleep(counts);
        awake = new AwakeRings(strategy == ShmSpinStrategy.BUSY ? ALWAYS_AWAKE_WHEN_BUSY : 1);
    }

    /**
     * Returns what makes the loop's control connections.
     *
     * @param loop of this handler
     */
    ControlTransport control(IoEventLoop loop) {
        if (control == null) {
            control = ControlTransport.of(loop);
        }
        return control;
    }

    @Override
    public void initialize() {
        transport.initialize();
        if (executor instanceof SingleThreadEventExecutor loop) {
            // A loop that is shut down without a quiet period may not call prepareToDestroy, but runs these.
            loop.addShutdownHook(closeChannels);
        }
    }

    @Override
    public int run(IoHandlerContext context) {
        int handled = awake.isEmpty() ? 0 : watch(context);
        // Also a busy loop sleeps while it only connects: it would look at nothing but the system's events.
        if (awake.isEmpty()) {
            handled += context.canBlock() ? sleep(context) : transport.run(context);
            processor.outdate();
            transportRanAt = System.nanoTime();
            transportInterval = MIN_INTERVAL_NANOS;
        } else if (isTransportDue(System.nanoTime())) {
            nonBlocking.over(context);
            int events = transport.run(nonBlocking);
            handled += events;
            processor.outdate();
            transportRanAt = System.nanoTime();
            transportInterval =
                    events > 0 ? MIN_INTERVAL_NANOS : Math.min(MAX_INTERVAL_NANOS, transportInterval * 5 / 4);
        }
        return handled;
    }

    private int sleep(IoHandlerContext context) {
        int events = transport.run(sleep.begin(context));
        sleep.end(rings, events);
        return events;
    }

    private boolean isTransportDue(long now) {
        return now - transportRanAt >= transportInterval;
    }

    /** Looks at the rings until there is something else to do, or nothing happens for too long. */
    private int watch(IoHandlerContext context) {
        spinning.suspend();
        tellProcessor();
        int handled = 0;
        int idleTurns = 0;
        int turnsToClock = 0;
        boolean wasBusy = false;
        do {
            int busy = awake.poll();
            if (busy > 0) {
                handled += busy;
                spinning.lookSucceeded();
                idleTurns = 0;
            } else {
                pause(idleTurns++);
            }
            // Turns in a row that have something to do can be long.
            if (--turnsToClock < 0 || (busy > 0 && wasBusy)) {
                turnsToClock = CLOCK_TURNS;
                long now = System.nanoTime();
                if (busy == 0 && (isVain(now) || spinning.isOver(now))) {
                    awake.sleep();
                } else if (busy == 0 && spinning.isBusy() && awake.mayKeepEachPeer(processor)) {
                    offerProcessor();
                }
                if (isTransportDue(now)) {
                    return handled;
                }
            }
            wasBusy = busy > 0;
        } while (!awake.isEmpty() && context.canBlock());
        return handled;
    }

    /**
     * Looks less often when nothing has come for some turns: looking slows down whoever shares the core or the memory.
     */
    private static void pause(int idleTurns) {
        if (idleTurns >= TURNS_PER_PAUSE) {
            for (int i = 1 << Math.min(MAX_PAUSES_EXPONENT, idleTurns / TURNS_PER_PAUSE); i > 0; i--) {
                Thread.onSpinWait();
            }
        }
    }

    /** Does nothing if nobody waits for it. */
    @SuppressWarnings("ThreadPriorityCheck") // Nothing relies on it: the peer runs later without it.
    private static void offerProcessor() {
        Thread.yield();
    }

    private void tellProcessor() {
        if (spinning.strategy() != ShmSpinStrategy.NONE) {
            awake.setProcessor(processor.current());
        }
    }

    /**
     * Whether looking keeps those from running whom it waits for. If so, moves away from them where that is possible.
     */
    private boolean isVain(long now) {
        if (!spinning.isAdaptive() || !awake.isEachPeerKept(processor)) {
            return false;
        }
        if (!processor.leave(now)) {
            return true;
        }
        tellProcessor();
        spinning.tryAgain(now);
        return false;
    }

    LoopCounts counts() {
        return counts;
    }

    void wake(RingRegistration ring) {
        awake.add(ring);
    }

    /** The ring's channel has sent something: the answer may come before it is worth while to sleep. */
    void expectAnswer(RingRegistration ring) {
        if (spinning.isWorthwhile()
                && !(spinning.isAdaptive() && processor.isKeptFrom(ring.handle().peerProcessor()))) {
            awake.add(ring);
        }
    }

    /** Whether it is a single ring that is looked at, in the hope that something happens soon. */
    boolean isOneRingWatched() {
        return awake.size() == 1 && spinning.isWorthwhile();
    }

    void cancelled(RingRegistration ring) {
        if (executor.isExecutorThread(Thread.currentThread())) {
            remove(ring);
        } else {
            executor.execute(() -> remove(ring));
        }
    }

    private void remove(RingRegistration ring) {
        awake.remove(ring);
        registrations.remove(ring);
        if (ring.handle().isRing()) {
            rings--;
        }
        ring.handle().unregistered();
    }

    @Override
    public IoRegistration register(IoHandle handle) throws Exception {
        if (!(handle instanceof ShmIoHandle shmHandle)) {
            return transport.register(handle);
        }
        if (destroyed) {
            // Whoever listens to the closing of a channel may connect another, which nobody would close.
            throw new IllegalStateException("the event loop has ended");
        }
        RingRegistration registration = new RingRegistration(this, shmHandle);
        registrations.add(registration);
        if (shmHandle.isRing()) {
            rings++;
        }
        handle.registered();
        return registration;
    }

    @Override
    public void wakeup() {
        transport.wakeup();
    }

    @Override
    public boolean isCompatible(Class<? extends IoHandle> handleType) {
        return ShmIoHandle.class.isAssignableFrom(handleType) || transport.isCompatible(handleType);
    }

    @Override
    public void prepareToDestroy() {
        closeChannels();
        transport.prepareToDestroy();
    }

    private void closeChannels() {
        for (RingRegistration registration : registrations.toArray(new RingRegistration[0])) {
            registration.handle().close();
        }
    }

    @Override
    public void destroy() {
        destroyed = true;
        closeChannels();
        transport.destroy();
    }

    /** For a look at the other handler's events without waiting for any. */
    private static final class NonBlocking extends LoopContext {

        @Override
        public boolean canBlock() {
            return false;
        }

        @Override
        public long delayNanos(long currentTimeNanos) {
            return 0;
        }
    }
}
