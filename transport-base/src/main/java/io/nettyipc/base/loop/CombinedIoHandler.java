/* Copyright 2026 The Netty IPC Authors. Licensed under the Apache License, Version 2.0; see LICENSE. */
package io.nettyipc.base.loop;

import io.netty.channel.IoHandle;
import io.netty.channel.IoHandler;
import io.netty.channel.IoHandlerContext;
import io.netty.channel.IoOps;
import io.netty.channel.IoRegistration;
import io.netty.util.concurrent.ThreadAwareExecutor;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * A completion port, and what another handler serves, on one event loop.
 *
 * <p>An event loop can wait in one place only. With handles of one kind it waits where that kind needs it, as if the
 * other were not there. With handles of both it waits in the other handler, and a {@link CompletionPortWatch} at the
 * port for so long. A loop that is awake looks at both in turn, so that neither waits for the other to have nothing to
 * do.
 */
public final class CombinedIoHandler implements IoHandler {

    /** The loop's thread and the one that watches. With less, a busy loop would keep packets from the latter. */
    private static final int THREADS_AT_THE_PORT = 2;

    private final CompletionPortIoHandler pipes;
    private final IoHandler others;
    private final CompletionPortWatch watch;
    private final Turn turn = new Turn();
    private final AtomicInteger othersHandles = new AtomicInteger();
    /** Whether the other handler had handles in its last turn: what it has to do for one that has gone is left. */
    private boolean othersHadHandles;

    /** Where the loop waits, or is about to; set before it looks for the last time whether it may. */
    private volatile boolean waitsInOthers;

    /**
     * Over another handler.
     *
     * @param others any handler that keeps to Netty's contract, on Windows NIO's
     */
    public CombinedIoHandler(IoHandler others, ThreadAwareExecutor executor) {
        this.others = others;
        pipes = new CompletionPortIoHandler(executor, THREADS_AT_THE_PORT);
        watch = pipes.newWatch(others::wakeup);
    }

    @Override
    public boolean isCompatible(Class<? extends IoHandle> handleType) {
        return pipes.isCompatible(handleType) || others.isCompatible(handleType);
    }

    @Override
    public IoRegistration register(IoHandle handle) throws Exception {
        if (handle instanceof CompletionPortIoHandle) {
            watch.start();
            return pipes.register(handle);
        }
        IoRegistration registration = others.register(handle);
        othersHandles.incrementAndGet();
        return new OthersRegistration(registration);
    }

    @Override
    public void initialize() {
        pipes.initialize();
        others.initialize();
    }

    @Override
    public int run(IoHandlerContext context) {
        boolean othersHaveHandles = othersHandles.get() != 0;
        boolean othersTurn = othersHaveHandles || othersHadHandles;
        othersHadHandles = othersHaveHandles;
        if (watch.isResting() && !othersTurn) {
            waitIn(false);
            return pipes.run(context);
        }
        waitIn(true);
        return watch.isResting() && !pipes.isInUse() ? others.run(context) : runBoth(context);
    }

    private void waitIn(boolean inOthers) {
        if (waitsInOthers != inOthers) {
            waitsInOthers = inOthers;
        }
    }

    private int runBoth(IoHandlerContext context) {
        int handled = dispatchWatched(context);
        if (watch.isResting()) {
            handled += pipes.poll(context);
        }
        boolean sleeps = handled == 0 && context.canBlock();
        if (sleeps) {
            watch.sleeping();
        }
        handled += others.run(turn.of(context, sleeps));
        if (sleeps) {
            watch.awake();
        }
        return handled + dispatchWatched(context);
    }

    private int dispatchWatched(IoHandlerContext context) {
        if (!watch.hasPackets()) {
            return 0;
        }
        int handled = pipes.dispatch(context, watch.packets());
        watch.rest();
        return handled;
    }

    @Override
    public void wakeup() {
        if (waitsInOthers) {
            others.wakeup();
        } else {
            pipes.wakeup();
        }
    }

    @Override
    public void prepareToDestroy() {
        pipes.prepareToDestroy();
        others.prepareToDestroy();
    }

    @Override
    public void destroy() {
        watch.end();
        pipes.dispatch(watch.packets());
        pipes.destroy();
        others.destroy();
    }

    /** A handle of the other handler, which is counted as long as it is registered. */
    private final class OthersRegistration implements IoRegistration {

        private final IoRegistration registration;

        OthersRegistration(IoRegistration registration) {
            this.registration = registration;
        }

        @Override
        @SuppressWarnings("TypeParameterUnusedInFormals") // the interface has it so
        public <T> T attachment() {
            return registration.attachment();
        }

        @Override
        public long submit(IoOps ops) {
            return registration.submit(ops);
        }

        @Override
        public boolean isValid() {
            return registration.isValid();
        }

        @Override
        public boolean cancel() {
            boolean cancelled = registration.cancel();
            if (cancelled) {
                othersHandles.decrementAndGet();
            }
            return cancelled;
        }
    }

    /** The loop's context for the other handler, which does not block while there are packets. */
    private final class Turn extends LoopContext {

        private boolean mayBlock;

        Turn of(IoHandlerContext context, boolean mayBlock) {
            over(context);
            this.mayBlock = mayBlock;
            return this;
        }

        @Override
        public boolean canBlock() {
            return mayBlock && !watch.hasPackets() && super.canBlock();
        }

        @Override
        public long delayNanos(long currentTimeNanos) {
            return mayBlock ? super.delayNanos(currentTimeNanos) : 0;
        }
    }
}
