/* Copyright 2026 The Netty IPC Authors. Licensed under the Apache License, Version 2.0; see LICENSE. */
package io.nettyipc.pipe.random;

import io.netty.channel.Channel;
import io.netty.channel.ChannelHandler;
import java.util.Set;

/** Connects two channels of one kind, again and again. For one thread. */
public interface ChannelPairs extends AutoCloseable {

    /**
     * The two ends of a connection.
     *
     * @param client the one that connected
     * @param server the other; the same where a channel gets back what it writes
     */
    record Pair(Channel client, Channel server) {}

    /** What these channels can do. */
    Set<Trait> traits();

    /**
     * Connects two channels, and sets up each before it is active.
     *
     * @param settings as far as they are none of the channel's options, which the handlers set
     * @param client   for the client's pipeline
     * @param server   for the server's pipeline
     */
    Pair connect(Settings settings, ChannelHandler client, ChannelHandler server) throws Exception;

    @Override
    void close();
}
