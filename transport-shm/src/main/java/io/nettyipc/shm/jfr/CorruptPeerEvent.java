/* Copyright 2026 The Netty IPC Authors. Licensed under the Apache License, Version 2.0; see LICENSE. */
package io.nettyipc.shm.jfr;

import io.netty.channel.Channel;
import java.net.SocketAddress;
import jdk.jfr.Description;
import jdk.jfr.Label;
import jdk.jfr.Name;

/** A peer does what a correct one doesn't; the channel closes. */
@Name(CorruptPeerEvent.NAME)
@Label("Shared Memory Corrupt Peer")
@Description("A peer wrote or did what a correct one doesn't, or its memory is gone; the channel closes")
public final class CorruptPeerEvent extends ChannelEvent {

    static final String NAME = "io.nettyipc.ShmCorruptPeer";

    private static final CorruptPeerEvent INSTANCE = new CorruptPeerEvent();

    @Label("Peer Process")
    @Description("The peer's process id, or -1 where the system doesn't tell")
    long peerProcess;

    @Label("Seen")
    @Description("What was seen")
    String seen;

    private CorruptPeerEvent() {}

    /** Tells of a peer. */
    public static void commitIfRecorded(Channel channel, SocketAddress address, long peerProcess, String seen) {
        if (INSTANCE.isEnabled()) {
            CorruptPeerEvent event = new CorruptPeerEvent();
            event.setChannel(channel, address);
            event.peerProcess = peerProcess;
            event.seen = seen;
            event.commit();
        }
    }
}
