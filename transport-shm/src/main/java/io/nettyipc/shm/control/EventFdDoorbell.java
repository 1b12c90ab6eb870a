/* Copyright 2026 The Netty IPC Authors. Licensed under the Apache License, Version 2.0; see LICENSE. */
package io.nettyipc.shm.control;

import io.netty.channel.IoEventLoop;
import io.netty.util.internal.logging.InternalLogger;
import io.netty.util.internal.logging.InternalLoggerFactory;
import io.nettyipc.base.loop.DescriptorEvents;
import io.nettyipc.base.os.Descriptor;
import io.nettyipc.base.os.EventFdSignals;
import io.nettyipc.shm.ring.RingPair;
import java.io.IOException;
import java.util.function.Consumer;

/**
 * Rings by signalling an eventfd of the peer's, and is rung by its own. Each
 * signal of that one is told, and nobody has to read it.
 *
 * <p>The peer has both too, and can fill, empty and share them and make them block. So nothing here reads or writes
 * them: {@link EventFdSignals} doesn't care. A peer that empties this side's keeps itself from being heard, and one
 * that signals it without end is an event for each turn of the loop.
 *
 * @see <a href="https://man7.org/linux/man-pages/man2/eventfd.2.html">eventfd(2)</a>
 */
final class EventFdDoorbell extends Doorbell implements DescriptorEvents.Listener {

    private static final InternalLogger logger = InternalLoggerFactory.getInstance(EventFdDoorbell.class);

    /**
     * A connection that has been rung for so many times is no short one: to listen to an eventfd, and to end that,
     * takes as long as some bytes do.
     */
    private static final int BYTES_AT_FIRST = 4;

    private final Descriptor own;
    private final Descriptor peers;
    private final EventFdSignals signals;
    private final ControlConnection control;
    private final RingPair rings;
    private int heardBytes;
    private IoEventLoop loop;
    private Runnable rung;
    private Consumer<IOException> failed;
    private DescriptorEvents events;
    private boolean cannotRing;
    private boolean closed;

    EventFdDoorbell(
            Descriptor own, Descriptor peers, EventFdSignals signals, ControlConnection control, RingPair rings) {
        this.own = own;
        this.peers = peers;
        this.signals = signals;
        this.control = control;
        this.rings = rings;
    }

    @Override
    void start(IoEventLoop loop, Runnable rung, Consumer<IOException> failed) {
        this.loop = loop;
        this.rung = rung;
        this.failed = failed;
    }

    @Override
    void heardBytes() {
        if (events == null && !closed && ++heardBytes == BYTES_AT_FIRST) {
            listen();
        }
    }

    private void listen() {
        try {
            events = DescriptorEvents.start(loop, own.number(), this);
            rings.hearEventFd();
        } catch (IOException | RuntimeException e) {
            // The peer goes on ringing by bytes.
            logger.debug("A doorbell can't be watched", e);
        }
    }

    @Override
    public void readable(boolean ended) {
        if (!closed) {
            rung.run();
        }
    }

    @Override
    public void failed(IOException cause) {
        if (!closed) {
            failed.accept(new IOException("the doorbell cannot be watched", cause));
        }
    }

    @Override
    public void loopEnds() {
        close();
    }

    @Override
    void ring() {
        if (!rings.peerHearsEventFd()) {
            control.ring();
            return;
        }
        // When the loop ends, channels that close can still write.
        if (cannotRing || closed) {
            return;
        }
        IOException cause = signals.signal(peers.number());
        if (cause != null) {
            cannotRing = true;
            ControlConnection.later(
                    loop, () -> failed.accept(new IOException("the peer cannot be woken by its eventfd", cause)));
        }
    }

    @Override
    boolean release() {
        boolean open = !closed;
        closed = true;
        if (events != null) {
            events.cancel();
            events = null;
        }
        return open;
    }

    @Override
    public void close() {
        release();
        own.close();
        peers.close();
    }
}
