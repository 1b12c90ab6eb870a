/* Copyright 2026 The Netty IPC Authors. Licensed under the Apache License, Version 2.0; see LICENSE. */
package io.nettyipc.shm.jfr;

import io.netty.channel.Channel;
import java.net.SocketAddress;
import jdk.jfr.Description;
import jdk.jfr.Label;
import jdk.jfr.Name;

/** Messages that could pass without a copy are copied. */
@Name(LeasesExhaustedEvent.NAME)
@Label("Shared Memory Leases Exhausted")
@Description("Messages that could pass without a copy are copied, until there is more of what has run out")
public final class LeasesExhaustedEvent extends ChannelEvent {

    static final String NAME = "io.nettyipc.ShmLeasesExhausted";

    private static final LeasesExhaustedEvent INSTANCE = new LeasesExhaustedEvent();

    @Label("Limit")
    @Description("What has run out, a constant of ShmLeasesExhaustedEvent")
    String limit;

    private LeasesExhaustedEvent() {}

    /** Tells what a channel has no more of. */
    public static void commitIfRecorded(Channel channel, SocketAddress address, Enum<?> limit) {
        if (INSTANCE.isEnabled()) {
            LeasesExhaustedEvent event = new LeasesExhaustedEvent();
            event.setChannel(channel, address);
            event.limit = limit.name();
            event.commit();
        }
    }
}
