/* Copyright 2026 The Netty IPC Authors. Licensed under the Apache License, Version 2.0; see LICENSE. */
package io.nettyipc.shm.jfr;

import io.netty.channel.Channel;
import java.net.SocketAddress;
import jdk.jfr.DataAmount;
import jdk.jfr.Description;
import jdk.jfr.Label;
import jdk.jfr.Name;
import jdk.jfr.Threshold;

/** A channel that had something to write waited for its peer to make room. */
@Name(RingFullEvent.NAME)
@Label("Shared Memory Ring Full")
@Description("A channel that had something to write waited for its peer to read")
@Threshold("10 ms")
public final class RingFullEvent extends ChannelEvent {

    static final String NAME = "io.nettyipc.ShmRingFull";

    private static final RingFullEvent INSTANCE = new RingFullEvent();

    @Label("Capacity")
    @Description("Bytes of the ring")
    @DataAmount
    long capacity;

    private RingFullEvent() {}

    /** Returns an event that has begun; null if none is recorded. */
    public static RingFullEvent startIfRecorded() {
        if (!INSTANCE.isEnabled()) {
            return null;
        }
        RingFullEvent event = new RingFullEvent();
        event.begin();
        return event;
    }

    /**
     * The channel goes on.
     *
     * @param capacity of the ring, in bytes
     */
    public void finish(Channel channel, SocketAddress address, int capacity) {
        end();
        if (shouldCommit()) {
            setChannel(channel, address);
            this.capacity = capacity;
            commit();
        }
    }
}
