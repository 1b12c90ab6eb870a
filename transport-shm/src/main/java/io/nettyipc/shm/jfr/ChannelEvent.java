/* Copyright 2026 The Netty IPC Authors. Licensed under the Apache License, Version 2.0; see LICENSE. */
package io.nettyipc.shm.jfr;

import io.netty.channel.Channel;
import java.net.SocketAddress;
import jdk.jfr.Category;
import jdk.jfr.Description;
import jdk.jfr.Event;
import jdk.jfr.Label;
import jdk.jfr.StackTrace;

/** Something that happens to one channel. */
@Category({"Netty IPC", "Shared memory"})
@StackTrace(false)
abstract class ChannelEvent extends Event {

    @Label("Channel")
    @Description("The channel's short id, as its toString() has it")
    String channel;

    @Label("Address")
    @Description("The server's, at both ends")
    String address;

    final void setChannel(Channel channel, SocketAddress address) {
        this.channel = channel.id().asShortText();
        this.address = address == null ? null : address.toString();
    }
}
