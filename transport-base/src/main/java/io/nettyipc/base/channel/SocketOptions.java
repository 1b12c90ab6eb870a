/* Copyright 2026 The Netty IPC Authors. Licensed under the Apache License, Version 2.0; see LICENSE. */
package io.nettyipc.base.channel;

import io.netty.channel.ChannelOption;
import java.util.Set;

/**
 * Options of sockets that frameworks set without asking which channel they have (gRPC, reactor-netty, Vert.x). A pipe
 * or shared memory has nothing to do for them, and a warning for each connection would help nobody.
 */
public final class SocketOptions {

    private static final Set<ChannelOption<?>> MEANINGLESS = Set.of(
            ChannelOption.SO_KEEPALIVE,
            ChannelOption.TCP_NODELAY,
            ChannelOption.SO_REUSEADDR,
            ChannelOption.SO_LINGER,
            ChannelOption.SO_SNDBUF,
            ChannelOption.SO_RCVBUF,
            ChannelOption.SO_TIMEOUT,
            ChannelOption.IP_TOS,
            ChannelOption.TCP_FASTOPEN,
            ChannelOption.TCP_FASTOPEN_CONNECT);

    private SocketOptions() {}

    /** Whether to take an option without a word and do nothing. */
    public static boolean isMeaningless(ChannelOption<?> option) {
        return MEANINGLESS.contains(option);
    }
}
