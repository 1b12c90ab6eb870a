/* Copyright 2026 The Netty IPC Authors. Licensed under the Apache License, Version 2.0; see LICENSE. */
package io.nettyipc.base.testing;

import io.netty.bootstrap.Bootstrap;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandler;
import io.netty.channel.IoHandlerFactory;
import io.netty.channel.ServerChannel;
import java.net.SocketAddress;

/** What a test runs over that says the same of several transports: pipes in this module, and those of other modules. */
public interface TestedTransport {

    /** For event loops of its channels. */
    IoHandlerFactory newIoHandlerFactory();

    /** For servers. */
    Class<? extends ServerChannel> serverChannelType();

    /** For clients. */
    Class<? extends Channel> channelType();

    /** The address of that name. */
    SocketAddress address(String name);

    /** Sets options of its own, for tests that don't care for them. */
    default void configure(ServerBootstrap bootstrap) {}

    /** Sets options of its own, for tests that don't care for them. */
    default void configure(Bootstrap bootstrap) {}

    /** Puts a handler of its own between the channel and a test's, where the run's {@link Variation} asks for that. */
    default ChannelHandler between(ChannelHandler tests) {
        return tests;
    }

    /** Gives back what it keeps of connections that have ended, for later ones. */
    default void giveBackKept() {}

    /**
     * Counts what it holds of the system apart from handles.
     *
     * @return fails if it holds more then
     */
    default Runnable watchResources() {
        return () -> {};
    }
}
