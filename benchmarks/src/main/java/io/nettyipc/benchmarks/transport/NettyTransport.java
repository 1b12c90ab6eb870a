/* Copyright 2026 The Netty IPC Authors. Licensed under the Apache License, Version 2.0; see LICENSE. */
package io.nettyipc.benchmarks.transport;

import io.netty.channel.Channel;
import io.netty.channel.ChannelOption;
import io.netty.channel.IoHandlerFactory;
import io.netty.channel.ServerChannel;
import java.util.Map;
import java.util.function.Supplier;

/**
 * A Netty transport: exactly the three things an application changes when it moves from one to another.
 *
 * @param id            how the user names it
 * @param ioHandler     makes the event loop's I/O handler
 * @param serverChannel the listening channel's type
 * @param clientChannel the connecting channel's type
 * @param addresses     where the server listens
 * @param options       what differs from Netty's defaults, at both ends of a connection
 */
public record NettyTransport(
        String id,
        Supplier<IoHandlerFactory> ioHandler,
        Class<? extends ServerChannel> serverChannel,
        Class<? extends Channel> clientChannel,
        Addresses addresses,
        Map<ChannelOption<?>, ?> options) {

    /** Whether both ends are in one process: a reference is passed, and no bytes. */
    public boolean isInOneProcess() {
        return addresses == Addresses.LOCAL;
    }
}
