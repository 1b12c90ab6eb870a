/* Copyright 2026 The Netty IPC Authors. Licensed under the Apache License, Version 2.0; see LICENSE. */
package io.nettyipc.base.loop;

import io.netty.channel.IoEventLoop;
import io.nettyipc.base.os.Descriptor;
import io.nettyipc.base.os.LibC;
import java.io.IOException;

/**
 * A watch by the event loop's io_uring. Each wait is a poll that completes once: submitted with what the loop submits
 * anyway, it is no system call of its own, and it takes files that are always ready as they come. Refers to classes of
 * an optional dependency: loading it may fail.
 */
final class UringWatch extends DescriptorWatch {

    private static final int POLL_GONE = 0;
    private static final int POLL_INPUT = 1;
    private static final int POLL_OUTPUT = 2;
    private static final int POLLS = 3;
    private static final int[] EVENTS = {UringPolls.PEER_ENDED, UringPolls.IN | UringPolls.PEER_ENDED, UringPolls.OUT};
    private static final long NONE = 0;

    private final Listener listener;
    private final Polls polls;
    /** Those that are submitted and not completed. */
    private final long[] ids = new long[POLLS];

    private UringWatch(Descriptor descriptor, Listener listener) {
        this.listener = listener;
        polls = new Polls(descriptor.number());
    }

    static DescriptorWatch start(IoEventLoop loop, Descriptor descriptor, Listener listener) throws IOException {
        UringWatch watch = new UringWatch(descriptor, listener);
        watch.polls.register(loop);
        // A peer that goes is told in any case, also while nothing else is awaited.
        watch.await(POLL_GONE);
        return watch;
    }

    @Override
    public void awaitInput() {
        await(POLL_INPUT);
    }

    @Override
    public void awaitOutput() {
        await(POLL_OUTPUT);
    }

    private void await(int poll) {
        if (ids[poll] == NONE && !polls.isCancelled()) {
            ids[poll] = polls.once(poll, EVENTS[poll]);
        }
    }

    @Override
    public void cancel() {
        if (polls.isCancelled()) {
            return;
        }
        removeAll();
        polls.unregister();
    }

    private void removeAll() {
        for (int poll = 0; poll < POLLS; poll++) {
            if (ids[poll] != NONE) {
                polls.remove(ids[poll]);
                ids[poll] = NONE;
            }
        }
    }

    private final class Polls extends UringPolls {

        Polls(int descriptor) {
            super(descriptor);
        }

        @Override
        void happened(int poll, int result, boolean ended) {
            if (ids[poll] == NONE) {
                // It was removed while it completed.
                return;
            }
            ids[poll] = NONE;
            if (result < 0) {
                listener.failed(LibC.error("io_uring poll", -result));
                return;
            }
            boolean gone = (result & GONE) != 0;
            if (gone) {
                // That is told once.
                removeAll();
            }
            tell(listener, gone || (result & IN) != 0, gone || (result & OUT) != 0, gone);
        }

        @Override
        public void close() {
            listener.loopEnds();
        }
    }
}
