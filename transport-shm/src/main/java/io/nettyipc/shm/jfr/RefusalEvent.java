/* Copyright 2026 The Netty IPC Authors. Licensed under the Apache License, Version 2.0; see LICENSE. */
package io.nettyipc.shm.jfr;

import io.netty.channel.Channel;
import java.net.SocketAddress;
import jdk.jfr.Description;
import jdk.jfr.Label;
import jdk.jfr.Name;

/** A connection is not established. */
@Name(RefusalEvent.NAME)
@Label("Shared Memory Refusal")
@Description("A shared-memory connection was not established: one side refused it, or there is no server")
public final class RefusalEvent extends ChannelEvent {

    static final String NAME = "io.nettyipc.ShmRefusal";

    private static final RefusalEvent INSTANCE = new RefusalEvent();

    @Label("Server")
    @Description("Whether this side was to accept the connection")
    boolean server;

    @Label("Reason")
    String reason;

    private RefusalEvent() {}

    /**
     * Tells of a connection.
     *
     * @param channel that was to be connected; a server's where it had not accepted any
     */
    public static void commitIfRecorded(Channel channel, SocketAddress address, boolean server, String reason) {
        if (INSTANCE.isEnabled()) {
            RefusalEvent event = new RefusalEvent();
            event.setChannel(channel, address);
            event.server = server;
            event.reason = reason;
            event.commit();
        }
    }
}
