/* Copyright 2026 The Netty IPC Authors. Licensed under the Apache License, Version 2.0; see LICENSE. */
package io.nettyipc.base.loop;

import io.netty.channel.IoEvent;
import io.netty.channel.IoEventLoop;
import io.netty.channel.IoRegistration;
import io.netty.channel.uring.IoUring;
import io.netty.channel.uring.IoUringIoEvent;
import io.netty.channel.uring.IoUringIoHandle;
import io.netty.channel.uring.IoUringIoOps;
import io.netty.util.concurrent.Future;
import io.nettyipc.base.os.LibC;
import java.io.IOException;

/**
 * Asks io_uring what happens to a descriptor. Refers to classes of an optional dependency: loading it may fail. For one
 * event loop.
 *
 * @see <a href="https://man7.org/linux/man-pages/man2/io_uring_enter.2.html">io_uring_enter(2), IORING_OP_POLL_ADD</a>
 */
@SuppressWarnings("deprecation") // Of the numbers that come back Netty 4.2.7 has only short ones.
abstract class UringPolls implements IoUringIoHandle {

    static final int IN = LibC.POLLIN;
    static final int OUT = LibC.POLLOUT;
    static final int PEER_ENDED = LibC.POLLRDHUP;
    /** Told whether asked for or not, but for the last. */
    static final int GONE = LibC.POLLHUP | LibC.POLLERR | LibC.POLLNVAL | LibC.POLLRDHUP;

    private static final byte POLL_ADD = 6;
    private static final byte ASYNC_CANCEL = 14;
    private static final int ADD_MULTI = 1;
    /** In a completion: the same poll will have others. */
    private static final int MORE = 2;

    private final int descriptor;
    private IoRegistration registration;
    private boolean cancelled;

    UringPolls(int descriptor) {
        this.descriptor = descriptor;
    }

    /** True, if this class can be loaded. */
    static boolean isPresent() {
        return true;
    }

    /** Whether an event loop has io_uring. */
    static boolean isCompatible(IoEventLoop loop) {
        return loop.isCompatible(UringPolls.class);
    }

    /** Whether this system has polls that go on after a completion. */
    static boolean hasEndless() {
        return IoUring.isPollAddMultishotEnabled();
    }

    final void register(IoEventLoop loop) throws IOException {
        Future<IoRegistration> registered = loop.register(this);
        if (!registered.isSuccess()) {
            throw new IOException(
                    "descriptor " + descriptor + " can't be registered with the event loop", registered.cause());
        }
        registration = registered.getNow();
    }

    /**
     * Has it told once when any of the events happens, or now if one has.
     *
     * @param poll a number for {@link #happened}
     * @return what {@link #remove} takes
     */
    final long once(int poll, int events) {
        return submit(poll, events, 0);
    }

    /** As {@link #once}, and again each time that any of the events happens anew. */
    final long endlessly(int poll, int events) {
        return submit(poll, events, ADD_MULTI);
    }

    private long submit(int poll, int events, int kind) {
        return registration.submit(new IoUringIoOps(
                POLL_ADD,
                (byte) 0,
                (short) 0,
                descriptor,
                0L,
                0L,
                kind,
                events,
                (short) poll,
                (short) 0,
                (short) 0,
                0,
                0L));
    }

    /** Ends a poll, which completes with {@code ECANCELED} if it isn't just completing. */
    final void remove(long id) {
        registration.submit(new IoUringIoOps(
                ASYNC_CANCEL, (byte) 0, (short) 0, -1, 0L, id, 0, 0, (short) 0, (short) 0, (short) 0, 0, 0L));
    }

    /** Nothing is told any more. Polls that are left have to be removed before. */
    final void unregister() {
        cancelled = true;
        if (registration != null) {
            registration.cancel();
        }
    }

    final boolean isCancelled() {
        return cancelled;
    }

    @Override
    public final void handle(IoRegistration registration, IoEvent event) {
        IoUringIoEvent completion = (IoUringIoEvent) event;
        if (!cancelled && completion.opcode() == POLL_ADD && completion.res() != -LibC.ECANCELED) {
            happened(completion.data(), completion.res(), (completion.flags() & MORE) == 0);
        }
    }

    /**
     * A poll has completed.
     *
     * @param poll   its number
     * @param result the events, or the negative error
     * @param ended  whether it won't complete again
     */
    abstract void happened(int poll, int result, boolean ended);

    /** Called when the event loop ends. */
    @Override
    public abstract void close();
}
