/* Copyright 2026 The Netty IPC Authors. Licensed under the Apache License, Version 2.0; see LICENSE. */
package io.nettyipc.base.loop;

import io.netty.channel.IoEventLoop;
import io.nettyipc.base.os.LibC;
import java.io.IOException;

/**
 * io_uring's: as long as something is there by polls that complete once, which begin with a look; each time by one that
 * goes on. Refers to classes of an optional dependency: loading it may fail.
 */
final class UringEvents extends DescriptorEvents {

    private static final int EVENTS = UringPolls.IN | UringPolls.PEER_ENDED;
    private static final int POLL = 0;
    private static final long NONE = 0;

    private final Listener listener;
    private final Polls polls;
    private long id;

    private UringEvents(int descriptor, Listener listener) {
        this.listener = listener;
        polls = new Polls(descriptor);
    }

    /** Kernels before 5.13 can't tell of each time. */
    static boolean isCompatible(IoEventLoop loop) {
        return UringPolls.isCompatible(loop) && UringPolls.hasEndless();
    }

    static DescriptorEvents begin(IoEventLoop loop, int descriptor, Listener listener) throws IOException {
        UringEvents events = new UringEvents(descriptor, listener);
        events.polls.register(loop);
        events.poll();
        return events;
    }

    private void poll() {
        id = polls.endlessly(POLL, EVENTS);
    }

    @Override
    public void cancel() {
        if (!polls.isCancelled()) {
            if (id != NONE) {
                polls.remove(id);
                id = NONE;
            }
            polls.unregister();
        }
    }

    private final class Polls extends UringPolls {

        Polls(int descriptor) {
            super(descriptor);
        }

        @Override
        void happened(int poll, int result, boolean ended) {
            if (ended) {
                id = NONE;
            }
            if (result < 0) {
                listener.failed(LibC.error("io_uring poll", -result));
                return;
            }
            listener.readable((result & (LibC.POLLRDHUP | LibC.POLLERR)) != 0);
            if (id == NONE && !isCancelled()) {
                poll();
            }
        }

        @Override
        public void close() {
            listener.loopEnds();
        }
    }
}
