/* Copyright 2026 The Netty IPC Authors. Licensed under the Apache License, Version 2.0; see LICENSE. */
package io.nettyipc.shm.control;

import io.netty.channel.IoEventLoop;
import io.nettyipc.pipe.NamedPipePeer;
import io.nettyipc.shm.ring.RingPair;
import io.nettyipc.shm.ring.RingReader;
import io.nettyipc.shm.ring.RingWriter;
import io.nettyipc.shm.segment.Segment;
import java.io.IOException;

/**
 * What a handshake ends with: the two rings, the doorbell and the control connection. It owns the three. For one event
 * loop.
 */
public final class Link implements ControlConnection.RingListener {

    /** What the peer does, besides moving bytes; told on the event loop. */
    public interface Listener {

        /** The peer rang: there is something to read or space to write, or was. */
        void rung();

        /** The peer is gone. What it committed can still be read. */
        void peerGone();

        /** One side can't wake the other any more, or the peer rings without end: the link is to be closed. */
        void failed(Throwable cause);
    }

    private final RingPair rings;
    private final Doorbell doorbell;
    private final ControlConnection control;
    private final NamedPipePeer peer;
    private final Segment.Kind memory;
    private final boolean eventFd;
    private Listener listener;
    private boolean closed;

    Link(
            RingPair rings,
            Doorbell doorbell,
            ControlConnection control,
            NamedPipePeer peer,
            Segment.Kind memory,
            boolean eventFd) {
        this.rings = rings;
        this.doorbell = doorbell;
        this.control = control;
        this.peer = peer;
        this.memory = memory;
        this.eventFd = eventFd;
    }

    /** Begins to listen to the peer. The listener may be told of a failure before this returns. */
    public void start(IoEventLoop loop, Listener listener) {
        this.listener = listener;
        control.becomeDoorbell(this);
        if (!closed) {
            doorbell.start(loop, listener::rung, this::failed);
        }
    }

    /** Who the peer is, as the system said during the handshake. */
    public NamedPipePeer peer() {
        return peer;
    }

    /** What both rings are in. */
    public Segment.Kind memory() {
        return memory;
    }

    /** Whether the doorbells are eventfds. */
    public boolean isEventFd() {
        return eventFd;
    }

    public RingWriter writer() {
        return rings.writer();
    }

    public RingReader reader() {
        return rings.reader();
    }

    /** Wakes the peer. */
    public void ring() {
        doorbell.ring();
    }

    @Override
    public void rung() {
        if (!closed) {
            listener.rung();
        }
    }

    @Override
    public long expectedRings() {
        return rings.sleeps();
    }

    @Override
    public void failed(IOException cause) {
        if (!closed) {
            listener.failed(cause);
        }
    }

    @Override
    public void ended(IOException cause) {
        if (!closed) {
            listener.peerGone();
        }
    }

    /** Gives everything back. The peer still sees what was committed. */
    public void close() {
        if (!closed) {
            closed = true;
            try {
                rings.close();
            } finally {
                try {
                    doorbell.close();
                } finally {
                    control.close();
                }
            }
        }
    }
}
