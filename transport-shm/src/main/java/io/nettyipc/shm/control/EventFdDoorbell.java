/* Copyright 2026 The Netty IPC Authors. Licensed under the Apache License, Version 2.0; see LICENSE. */
package io.nettyipc.shm.control;

import io.netty.channel.IoEvent;
import io.netty.channel.IoEventLoop;
import io.netty.channel.IoRegistration;
import io.netty.channel.epoll.EpollIoHandle;
import io.netty.channel.epoll.EpollIoOps;
import io.netty.channel.unix.FileDescriptor;
import io.nettyipc.base.os.EventFdSignals;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.function.Consumer;

/**
 * Rings by signalling an eventfd of the peer's, and is rung by its own. That one is watched edge-triggered, so that
 * each signal is an event and nobody has to read it.
 *
 * <p>The peer has both too, and can fill, empty and share them and make them block. So nothing here reads or writes
 * them: {@link EventFdSignals} doesn't care. A peer that empties this side's keeps itself from being heard, and one
 * that signals it without end is an event for each turn of the loop.
 *
 * @see <a href="https://man7.org/linux/man-pages/man2/eventfd.2.html">eventfd(2)</a>
 */
final class EventFdDoorbell extends Doorbell implements EpollIoHandle {

    private static final EpollIoOps EVENTS = EpollIoOps.EPOLLIN.with(EpollIoOps.EPOLLET);

    private final FileDescriptor own;
    private final FileDescriptor peers;
    private final EventFdSignals signals;
    private IoEventLoop loop;
    private Runnable rung;
    private Consumer<IOException> failed;
    private IoRegistration registration;
    private boolean cannotRing;

    EventFdDoorbell(FileDescriptor own, FileDescriptor peers, EventFdSignals signals) {
        this.own = own;
        this.peers = peers;
        this.signals = signals;
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
        IOException cause = signals.signal(peers.intValue());
        if (cause != null) {
            cannotRing = true;
            ControlConnection.later(
                    loop, () -> failed.accept(new IOException("the peer cannot be woken by its eventfd", cause)));
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
