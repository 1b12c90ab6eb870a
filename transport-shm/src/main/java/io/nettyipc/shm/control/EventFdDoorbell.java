/* Copyright 2026 The Netty IPC Authors. Licensed under the Apache License, Version 2.0; see LICENSE. */
package io.nettyipc.shm.control;

import io.netty.channel.IoEvent;
import io.netty.channel.IoEventLoop;
import io.netty.channel.IoRegistration;
import io.netty.channel.epoll.EpollIoHandle;
import io.netty.channel.epoll.EpollIoOps;
import io.netty.channel.epoll.Native;
import io.netty.channel.unix.FileDescriptor;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.function.Consumer;

/**
 * Rings by writing to an eventfd of the peer's, and is rung by its own. That one is watched edge-triggered, so that each
 * write is an event and nobody has to read it.
 *
 * @see <a href="https://man7.org/linux/man-pages/man2/eventfd.2.html">eventfd(2)</a>
 */
final class EventFdDoorbell extends Doorbell implements EpollIoHandle {

    private static final EpollIoOps EVENTS = EpollIoOps.EPOLLIN.with(EpollIoOps.EPOLLET);

    private final FileDescriptor own;
    private final FileDescriptor peers;
    private IoEventLoop loop;
    private Runnable rung;
    private Consumer<IOException> failed;
    private IoRegistration registration;
    private boolean cannotRing;

    EventFdDoorbell(FileDescriptor own, FileDescriptor peers) {
        this.own = own;
        this.peers = peers;
    }

    @Override
    void start(IoEventLoop loop, Runnable rung, Consumer<IOException> failed) {
        this.loop = loop;
        this.rung = rung;
        this.failed = failed;
        loop.register(this).addListener(future -> {
            try {
                registration = (IoRegistration) future.get();
                registration.submit(EVENTS);
            } catch (Exception e) {
                failed.accept(new IOException("the doorbell cannot be registered", e));
            }
        });
    }

    @Override
    public FileDescriptor fd() {
        return own;
    }

    @Override
    public void handle(IoRegistration registration, IoEvent event) {
        if (own.isOpen()) {
            rung.run();
        }
    }

    @Override
    void ring() {
        if (cannotRing) {
            return;
        }
        try {
            Native.eventFdWrite(peers.intValue(), 1);
        } catch (RuntimeException e) {
            cannotRing = true;
            ControlConnection.later(
                    loop, () -> failed.accept(new IOException("the peer cannot be woken by its eventfd", e)));
        }
    }

    @Override
    public void close() {
        if (!own.isOpen()) {
            return;
        }
        if (registration != null) {
            registration.cancel();
        }
        try {
            try {
                own.close();
            } finally {
                peers.close();
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
