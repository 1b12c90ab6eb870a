/* Copyright 2026 The Netty IPC Authors. Licensed under the Apache License, Version 2.0; see LICENSE. */
package io.nettyipc.grpc;

import io.netty.channel.Channel;
import io.netty.channel.ChannelFactory;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ReflectiveChannelFactory;
import io.netty.channel.ServerChannel;

/** Gives each connection that a server accepts a {@link CallerHandler}, before gRPC adds its own. */
@ChannelHandler.Sharable
final class AcceptedConnections extends ChannelInboundHandlerAdapter {

    private static final AcceptedConnections INSTANCE = new AcceptedConnections();

    private AcceptedConnections() {}

    /** Makes server channels with this handler. */
    static ChannelFactory<ServerChannel> of(Class<? extends ServerChannel> type) {
        ChannelFactory<? extends ServerChannel> factory = new ReflectiveChannelFactory<>(type);
        return () -> {
            ServerChannel channel = factory.newChannel();
            channel.pipeline().addLast(INSTANCE);
            return channel;
        };
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
        ((Channel) message).pipeline().addLast(new CallerHandler());
        ctx.fireChannelRead(message);
    }
}
