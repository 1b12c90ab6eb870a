/* Copyright 2026 The Netty IPC Authors. Licensed under the Apache License, Version 2.0; see LICENSE. */
package io.nettyipc.grpc;

import io.grpc.netty.NettyChannelBuilder;
import io.grpc.netty.NettyServerBuilder;
import io.netty.channel.Channel;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.ServerChannel;
import java.net.SocketAddress;

/**
 * grpc-java's builders for a transport of local connections: named pipes, shared memory, or any other of Netty's whose
 * addresses aren't hosts and ports. What a Netty bootstrap takes, these take.
 *
 * <pre>{@code
 * EventLoopGroup group = new MultiThreadIoEventLoopGroup(NamedPipe.newIoHandlerFactory());
 * Server server = LocalGrpc.serverBuilder(group, NamedPipe.serverChannelType(), NamedPipeAddress.of("orders"))
 *     .addService(new Orders()).build().start();
 * ManagedChannel channel = LocalGrpc.channelBuilder(group, NamedPipe.channelType(), NamedPipeAddress.of("orders"))
 *     .usePlaintext().build();
 * }</pre>
 *
 * <p>The result is gRPC's own builder: TLS, deadlines, limits and interceptors are set as ever. The group stays the
 * caller's, who shuts it down after the server and the channels have terminated.
 */
public final class LocalGrpc {

    private static final String AUTHORITY = "localhost";

    private LocalGrpc() {}

    /**
     * Returns a builder of a server.
     *
     * @param group accepts connections and serves them; its loops must serve {@code channelType}
     * @param channelType the transport's server channel, with a public constructor without parameters
     * @param address where it listens
     * @return gRPC's builder, to which the services are to be added
     */
    public static NettyServerBuilder serverBuilder(
            EventLoopGroup group, Class<? extends ServerChannel> channelType, SocketAddress address) {
        return NettyServerBuilder.forAddress(address)
                .bossEventLoopGroup(group)
                .workerEventLoopGroup(group)
                .channelType(channelType)
                // Without a value gRPC's own is not set: Netty would log a warning for each connection of a channel
                // that isn't TCP.
                .withChildOption(ChannelOption.SO_KEEPALIVE, null);
    }

    /**
     * Returns a builder of a client's channel. It sends {@code localhost} as {@code :authority}, not the address: the path
     * of a pipe is no authority that HTTP/2 allows, and would tell the peer about this machine's directories. With TLS the
     * server's certificate has to be for {@code localhost}, unless {@link NettyChannelBuilder#overrideAuthority} names
     * another.
     *
     * @param group serves the connections; its loops must serve {@code channelType}
     * @param channelType the transport's channel, with a public constructor without parameters
     * @param address where the server listens
     * @return gRPC's builder; TLS is its default, and {@link NettyChannelBuilder#usePlaintext} turns it off
     */
    public static NettyChannelBuilder channelBuilder(
            EventLoopGroup group, Class<? extends Channel> channelType, SocketAddress address) {
        return NettyChannelBuilder.forAddress(address)
                .eventLoopGroup(group)
                .channelType(channelType, address.getClass())
                .overrideAuthority(AUTHORITY)
                .withOption(ChannelOption.SO_KEEPALIVE, null);
    }
}
