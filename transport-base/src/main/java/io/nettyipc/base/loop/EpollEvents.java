/* Copyright 2026 The Netty IPC Authors. Licensed under the Apache License, Version 2.0; see LICENSE. */
package io.nettyipc.base.loop;

import io.netty.channel.IoEvent;
import io.netty.channel.IoEventLoop;
import io.netty.channel.IoRegistration;
import io.netty.channel.epoll.EpollIoEvent;
import io.netty.channel.epoll.EpollIoHandle;
import io.netty.channel.epoll.EpollIoOps;
import io.netty.channel.unix.FileDescriptor;
import io.netty.util.concurrent.Future;
import io.nettyipc.base.os.Descriptor;
import java.io.IOException;
import java.io.UncheckedIOException;

/** Epoll's. Refers to classes of an optional dependency: loading it may fail. */
final class EpollEvents extends DescriptorEvents implements EpollIoHandle {

    private static final EpollIoOps EACH_TIME =
            EpollIoOps.EPOLLIN.with(EpollIoOps.EPOLLRDHUP).with(EpollIoOps.EPOLLET);
    private static final int ENDED = EpollIoOps.EPOLLRDHUP.value() | EpollIoOps.EPOLLERR.value();

    private final FileDescriptor descriptor;
    private final Listener listener;
    private IoRegistration registration;

    private EpollEvents(int descriptor, Listener listener) {
        this.descriptor = new FileDescriptor(descriptor);
        this.listener = listener;
    }

    static boolean isCompatible(IoEventLoop loop) {
        return loop.isCompatible(EpollEvents.class);
    }

    static DescriptorEvents begin(IoEventLoop loop, int descriptor, Listener listener) throws IOException {
        EpollEvents events = new EpollEvents(descriptor, listener);
        Future<IoRegistration> registered = loop.register(events);
        if (!registered.isSuccess()) {
            throw new IOException("it can't be registered with the event loop", registered.cause());
        }
        events.registration = registered.getNow();
        try {
            events.registration.submit(EACH_TIME);
        } catch (UncheckedIOException e) {
            events.cancel();
            throw e.getCause();
        }
        return events;
    }

    @Override
    public void cancel() {
        registration.cancel();
    }

    @Override
    public FileDescriptor fd() {
        return descriptor;
    }

    @Override
    public void handle(IoRegistration registration, IoEvent event) {
        int ops = ((EpollIoEvent) event).ops().value();
        listener.readable((ops & ENDED) != 0 && Descriptor.isEnded(descriptor.intValue()));
    }

    /** Called when the event loop ends. */
    @Override
    public void close() {
        listener.loopEnds();
    }
}
