/* Copyright 2026 The Netty IPC Authors. Licensed under the Apache License, Version 2.0; see LICENSE. */
package io.nettyipc.base.loop;

import io.netty.channel.IoEvent;
import io.netty.channel.IoEventLoop;
import io.netty.channel.IoRegistration;
import io.netty.channel.epoll.EpollIoEvent;
import io.netty.channel.epoll.EpollIoHandle;
import io.netty.channel.epoll.EpollIoOps;
import io.netty.channel.unix.Errors;
import io.netty.channel.unix.FileDescriptor;
import io.netty.util.concurrent.Future;
import io.nettyipc.base.os.Descriptor;
import io.nettyipc.base.os.LibC;
import java.io.IOException;
import java.io.UncheckedIOException;

/**
 * A watch by the event loop's own epoll, edge-triggered: without a system call for each time that reading or writing
 * stops or goes on. Refers to classes of an optional dependency: loading it may fail.
 */
final class EpollWatch extends DescriptorWatch implements EpollIoHandle {
    private static final int EPOLLIN = EpollIoOps.EPOLLIN.value();
    private static final int EPOLLOUT = EpollIoOps.EPOLLOUT.value();
    private static final int EPOLLERR = EpollIoOps.EPOLLERR.value();
    private static final int EPOLLRDHUP = EpollIoOps.EPOLLRDHUP.value();
    /** Told whether asked for or not, so that Netty has no name for it. */
    private static final int EPOLLHUP = 0x10;

    private final FileDescriptor descriptor;
    private final Listener listener;
    /** {@code null} for what is always ready, with an old version of Netty. */
    private IoRegistration registration;

    private EpollIoOps interest;
    private boolean alwaysReady;

    private EpollWatch(Descriptor descriptor, EpollIoOps interest, Listener listener) {
        this.descriptor = new FileDescriptor(descriptor.number());
        this.interest = interest;
        this.listener = listener;
    }

    static boolean isCompatible(IoEventLoop loop) {
        return loop.isCompatible(EpollWatch.class);
    }

    static DescriptorWatch start(
            IoEventLoop loop, Descriptor descriptor, boolean input, boolean output, Listener listener)
            throws IOException {
        // A socket that is also read asks for EPOLLOUT when it first meets EAGAIN: most never do.
        EpollIoOps interest =
                EpollIoOps.EPOLLET.with(input ? EpollIoOps.valueOf(EPOLLIN | EPOLLRDHUP) : EpollIoOps.EPOLLOUT);
        EpollWatch watch = new EpollWatch(descriptor, interest, listener);
        Future<IoRegistration> registered = loop.register(watch);
        if (!registered.isSuccess()) {
            // Netty before 4.2.8 asks epoll at once.
            watch.alwaysReady = isAlwaysReady(registered.cause());
            if (watch.alwaysReady) {
                return watch;
            }
            throw new IOException(descriptor + " can't be registered with the event loop", registered.cause());
        }
        watch.registration = registered.getNow();
        try {
            watch.registration.submit(interest);
        } catch (UncheckedIOException e) {
            watch.alwaysReady = isAlwaysReady(e.getCause());
            if (!watch.alwaysReady) {
                watch.cancel();
                throw new IOException(descriptor + " can't be watched", e.getCause());
            }
        }
        return watch;
    }

    /** Epoll takes nothing that is always ready, regular files for example. Poller takes everything. */
    private static boolean isAlwaysReady(Throwable failure) {
        return failure instanceof Errors.NativeIoException error && error.expectedErr() == -LibC.EPERM;
    }

    @Override
    public boolean isAlwaysReady() {
        return alwaysReady;
    }

    @Override
    public void awaitInput() {
        // The next change is told in any case.
    }

    @Override
    public void awaitOutput() {
        if (alwaysReady) {
            return;
        }
        EpollIoOps withOutput = interest.with(EpollIoOps.EPOLLOUT);
        if (!withOutput.equals(interest)) {
            interest = withOutput;
            registration.submit(interest);
        }
    }

    @Override
    public void cancel() {
        if (registration != null) {
            registration.cancel();
        }
    }

    @Override
    public FileDescriptor fd() {
        return descriptor;
    }

    @Override
    public void handle(IoRegistration registration, IoEvent event) {
        int ops = ((EpollIoEvent) event).ops().value();
        boolean gone = (ops & (EPOLLHUP | EPOLLERR | EPOLLRDHUP)) != 0 && Descriptor.isEnded(descriptor.intValue());
        tell(listener, gone || (ops & EPOLLIN) != 0, gone || (ops & EPOLLOUT) != 0, gone);
    }

    /** Called when the event loop ends. */
    @Override
    public void close() {
        listener.loopEnds();
    }
}
