/* Copyright 2026 The Netty IPC Authors. Licensed under the Apache License, Version 2.0; see LICENSE. */
package io.nettyipc.grpc;

import io.grpc.ChannelCredentials;
import io.grpc.ManagedChannelProvider.NewChannelBuilderResult;
import io.grpc.ServerCredentials;
import io.grpc.netty.NettyChannelBuilder;
import io.grpc.netty.NettyServerBuilder;
import io.netty.channel.Channel;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.ServerChannel;
import java.net.SocketAddress;

/**
 * grpc-java's builders for named pipes and shared memory. With this module on the class path a client needs none of
 * them:
 *
 * <pre>{@code
 * ManagedChannel channel = Grpc.newChannelBuilder("npipe:orders", InsecureChannelCredentials.create()).build();
 * Server server = LocalGrpc.serverBuilder("npipe:orders", InsecureServerCredentials.create())
 *     .addService(new Orders()).build().start();
 * }</pre>
 *
 * <p><b>Targets.</b> {@code npipe:} and {@code shm:} take what {@link io.nettyipc.pipe.NamedPipeAddress#of} takes: a
 * name, as in {@code shm:orders}, the path of a socket, as in {@code npipe:/run/orders.sock}, or
 * {@code npipe:////./pipe/orders}. A target is a URI: a blank is {@code %20}. Channels and servers of a scheme share
 * event loops, which end when the last has terminated, as those do that gRPC has for TCP.
 * {@code ManagedChannelBuilder.forTarget}, which takes no credentials, is for TCP only, as it is in gRPC for
 * {@code unix:}.
 *
 * <p><b>Event loops of one's own</b>, with a spin strategy for example, and any other of Netty's transports whose
 * addresses aren't hosts and ports: what a Netty bootstrap takes, the other two methods take.
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

    /** What a call sends as {@code :authority}. */
    static final String AUTHORITY = "localhost";

    private LocalGrpc() {}

    /**
     * Returns a builder of a server that listens at a target.
     *
     * @param target {@code npipe:orders} or {@code shm:orders}
     * @param credentials {@code InsecureServerCredentials.create()}, or those of {@code TlsServerCredentials}
     * @return gRPC's builder, to which the services are to be added
     * @throws IllegalArgumentException if it is no such target, or gRPC doesn't know the credentials
     * @throws IllegalStateException if the target's transport cannot be used; the message says what is missing
     */
    public static NettyServerBuilder serverBuilder(String target, ServerCredentials credentials) {
        try {
            return TargetBuilders.server(target, credentials);
        } catch (MissingTransportException e) {
            throw new IllegalStateException(e.getMessage(), e);
        }
    }

    /**
     * Returns a builder of a client's channel to a target: what {@code Grpc.newChannelBuilder} returns, by its type.
     *
     * @param target {@code npipe:orders} or {@code shm:orders}
     * @param credentials {@code InsecureChannelCredentials.create()}, or those of {@code TlsChannelCredentials}
     * @throws IllegalArgumentException if it is no such target, or gRPC doesn't know the credentials
     * @throws IllegalStateException if the target's transport cannot be used; the message says what is missing
     */
    public static NettyChannelBuilder channelBuilder(String target, ChannelCredentials credentials) {
        try {
            NewChannelBuilderResult result = TargetBuilders.channel(target, credentials, null, null);
            if (result.getError() != null) {
                throw new IllegalArgumentException(result.getError());
            }
            return (NettyChannelBuilder) result.getChannelBuilder();
        } catch (MissingTransportException e) {
            throw new IllegalStateException(e.getMessage(), e);
        }
    }

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
        return ofLocalChannels(
                NettyServerBuilder.forAddress(address).bossEventLoopGroup(group).workerEventLoopGroup(group),
                channelType);
    }

    static NettyServerBuilder ofLocalChannels(NettyServerBuilder builder, Class<? extends ServerChannel> channelType) {
        return builder.channelFactory(AcceptedConnections.of(channelType))
                // Without a value gRPC's own is not set: Netty would log a warning for each connection of a channel
                // that isn't TCP.
                .withChildOption(ChannelOption.SO_KEEPALIVE, null);
    }

    /**
     * Returns a builder of a client's channel. It sends {@code localhost} as {@code :authority}, not the address: the
     * path of a pipe is no authority that HTTP/2 allows, and would tell the peer about this machine's directories. With
     * TLS the server's certificate has to be for {@code localhost}, unless
     * {@link NettyChannelBuilder#overrideAuthority} names another.
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
