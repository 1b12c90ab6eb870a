/* Copyright 2026 The Netty IPC Authors. Licensed under the Apache License, Version 2.0; see LICENSE. */
package io.nettyipc.shm.jfr;

import io.netty.channel.Channel;
import io.nettyipc.pipe.NamedPipePeer;
import java.net.SocketAddress;
import jdk.jfr.DataAmount;
import jdk.jfr.Description;
import jdk.jfr.Label;
import jdk.jfr.Name;

/** A connection is established; the duration is that of connecting and of the handshake. */
@Name(ConnectEvent.NAME)
@Label("Shared Memory Connect")
@Description("A shared-memory connection was established, on these terms")
public final class ConnectEvent extends ChannelEvent {

    static final String NAME = "io.nettyipc.ShmConnect";

    private static final ConnectEvent INSTANCE = new ConnectEvent();

    @Label("Server")
    @Description("Whether this side accepted the connection")
    boolean server;

    @Label("Peer Process")
    @Description("The peer's process id, or -1 where the system doesn't tell")
    long peerProcess;

    @Label("Peer User")
    @Description("The peer's user, or null where the system doesn't tell")
    String peerUser;

    @Label("Memory")
    String memory;

    @Label("Doorbell")
    @Description("How each side wakes the other")
    String doorbell;

    @Label("Send Capacity")
    @Description("Bytes of the ring that this side writes to")
    @DataAmount
    long sendCapacity;

    @Label("Receive Capacity")
    @Description("Bytes of the ring that this side reads from")
    @DataAmount
    long receiveCapacity;

    @Label("Spinning")
    @Description("What this side's event loop does while its rings are empty")
    String spinning;

    private ConnectEvent() {}

    /** Returns an event that has begun; null if none is recorded. */
    public static ConnectEvent startIfRecorded() {
        if (!INSTANCE.isEnabled()) {
            return null;
        }
        ConnectEvent event = new ConnectEvent();
        event.begin();
        return event;
    }

    /** Sets who is connected. */
    public void setPeers(Channel channel, SocketAddress address, boolean server, NamedPipePeer peer) {
        setChannel(channel, address);
        this.server = server;
        peerProcess = peer.processId();
        peerUser = peer.user();
    }

    /** Sets what they agreed on; the sizes are in bytes. */
    public void setTerms(Enum<?> memory, Enum<?> doorbell, int sendCapacity, int receiveCapacity, Enum<?> spinning) {
        this.memory = memory.name();
        this.doorbell = doorbell.name();
        this.sendCapacity = sendCapacity;
        this.receiveCapacity = receiveCapacity;
        this.spinning = spinning.name();
    }
}
