/* Copyright 2026 The Netty IPC Authors. Licensed under the Apache License, Version 2.0; see LICENSE. */
package io.nettyipc.grpc;

import io.grpc.ChannelCredentials;
import io.grpc.ManagedChannelProvider.NewChannelBuilderResult;
import io.grpc.NameResolverProvider;
import io.grpc.NameResolverRegistry;
import io.grpc.ServerCredentials;
import io.grpc.netty.NettyChannelBuilder;
import io.grpc.netty.NettyChannelProvider;
import io.grpc.netty.NettyServerBuilder;
import io.netty.channel.ChannelOption;

/** grpc-netty's builders for a target, with the event loops that its scheme's channels and servers share. */
final class TargetBuilders {

    private TargetBuilders() {}

    /**
     * Returns a channel's builder, or gRPC's reason why the credentials are none for it.
     *
     * @param registry {@code null} for the default one
     */
    static NewChannelBuilderResult channel(
            String target, ChannelCredentials credentials, NameResolverRegistry registry, NameResolverProvider provider)
            throws MissingTransportException {
        LocalScheme scheme = LocalTarget.parse(target).scheme();
        NettyChannelProvider netty = new NettyChannelProvider();
        NewChannelBuilderResult result = registry == null
                ? netty.newChannelBuilder(target, credentials)
                : netty.newChannelBuilder(target, credentials, registry, provider);
        if (result.getChannelBuilder() instanceof NettyChannelBuilder builder) {
            LoopPools.set(builder, scheme.loops().pool());
            builder.channelType(scheme.channelType(), LocalAddressType.class)
                    .withOption(ChannelOption.SO_KEEPALIVE, null);
        }
        return result;
    }

    static NettyServerBuilder server(String target, ServerCredentials credentials) throws MissingTransportException {
        LocalTarget parsed = LocalTarget.parse(target);
        LocalScheme scheme = parsed.scheme();
        NettyServerBuilder builder = NettyServerBuilder.forAddress(parsed.address(), credentials);
        LoopPools.set(builder, scheme.loops().pool());
        return LocalGrpc.ofLocalChannels(builder, scheme.serverChannelType());
    }
}
