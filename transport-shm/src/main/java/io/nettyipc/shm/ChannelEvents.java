/* Copyright 2026 The Netty IPC Authors. Licensed under the Apache License, Version 2.0; see LICENSE. */
package io.nettyipc.shm;

import io.netty.util.internal.PlatformDependent;
import io.nettyipc.shm.jfr.ConnectEvent;
import io.nettyipc.shm.jfr.CorruptPeerEvent;
import io.nettyipc.shm.jfr.LeasesExhaustedEvent;
import io.nettyipc.shm.jfr.RefusalEvent;
import io.nettyipc.shm.jfr.RingFullEvent;

/**
 * Tells the flight recorder what happens to a channel. That costs a look at a flag where nobody records. For the
 * channel's event loop.
 */
final class ChannelEvents {

    private final ShmChannel channel;
    /** Null unless the channel connects, and that is recorded. */
    private ConnectEvent connect;
    /** Null unless the channel waits for space, and that is recorded. */
    private RingFullEvent ringFull;

    ChannelEvents(ShmChannel channel) {
        this.channel = channel;
    }

    void connecting() {
        if (PlatformDependent.isJfrEnabled()) {
            connect = ConnectEvent.startIfRecorded();
        }
    }

    void connected(ShmTerms terms, ShmSpinStrategy spinning) {
        ConnectEvent event = connect;
        if (event != null) {
            connect = null;
            event.setPeers(channel, channel.remoteAddress(), channel.parent() != null, channel.peer());
            event.setTerms(terms.memory(), terms.doorbell(), terms.sendCapacity(), terms.receiveCapacity(), spinning);
            event.commit();
        }
    }

    /** There will be no connection. */
    void refused(ShmAddress address, String reason) {
        connect = null;
        if (PlatformDependent.isJfrEnabled()) {
            RefusalEvent.commitIfRecorded(channel, address, channel.parent() != null, reason);
        }
    }

    /** A server has refused a connection before there was a channel for it. */
    static void refused(ShmServerChannel server, String reason) {
        if (PlatformDependent.isJfrEnabled()) {
            RefusalEvent.commitIfRecorded(server, server.localAddress(), true, reason);
        }
    }

    void ringFull() {
        if (PlatformDependent.isJfrEnabled()) {
            ringFull = RingFullEvent.startIfRecorded();
        }
    }

    /** The wait that began with {@link #ringFull} is over. */
    void ringFullEnded(int capacity) {
        RingFullEvent event = ringFull;
        if (event != null) {
            ringFull = null;
            event.finish(channel, channel.remoteAddress(), capacity);
        }
    }

    void leasesExhausted(ShmLeasesExhaustedEvent limit) {
        if (PlatformDependent.isJfrEnabled()) {
            LeasesExhaustedEvent.commitIfRecorded(channel, channel.remoteAddress(), limit);
        }
    }

    /** The peer does what a correct one doesn't. */
    void peerFailed(Throwable cause) {
        if (PlatformDependent.isJfrEnabled()) {
            CorruptPeerEvent.commitIfRecorded(
                    channel, channel.remoteAddress(), channel.peer().processId(), cause.getMessage());
        }
    }
}
