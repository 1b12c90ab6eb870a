/* Copyright 2026 The Netty IPC Authors. Licensed under the Apache License, Version 2.0; see LICENSE. */
package io.nettyipc.grpc;

import io.grpc.ChannelCredentials;
import io.grpc.ManagedChannelBuilder;
import io.grpc.ManagedChannelProvider;
import io.grpc.NameResolverProvider;
import io.grpc.NameResolverRegistry;
import java.net.SocketAddress;
import java.util.Collection;
import java.util.Set;

/**
 * gRPC finds it by {@link java.util.ServiceLoader}: makes the builders of
 * {@code Grpc.newChannelBuilder("npipe:orders", …)}.
 */
public final class LocalChannelProvider extends ManagedChannelProvider {

    /** For the service loader. */
    public LocalChannelProvider() {}

    /** Even without the transports: then the result of {@link #newChannelBuilder} says what is missing. */
    @Override
    protected boolean isAvailable() {
        return true;
    }

    /** Below those for TCP, of which gRPC takes the first for targets that name no credentials. */
    @Override
    protected int priority() {
        return 3;
    }

    @Override
    protected ManagedChannelBuilder<?> builderForAddress(String name, int port) {
        throw new UnsupportedOperationException("a local transport has no hosts and ports: use Grpc.newChannelBuilder");
    }

    @Override
    protected ManagedChannelBuilder<?> builderForTarget(String target) {
        throw new UnsupportedOperationException(
                "use Grpc.newChannelBuilder, with InsecureChannelCredentials for plain text");
    }

    @Override
    protected NewChannelBuilderResult newChannelBuilder(String target, ChannelCredentials credentials) {
        return newChannelBuilder(target, credentials, null, null);
    }

    @Override
    protected NewChannelBuilderResult newChannelBuilder(
            String target,
            ChannelCredentials credentials,
            NameResolverRegistry registry,
            NameResolverProvider provider) {
        try {
            return TargetBuilders.channel(target, credentials, registry, provider);
        } catch (MissingTransportException e) {
            return NewChannelBuilderResult.error(e.getMessage());
        } catch (NoClassDefFoundError e) {
            return NewChannelBuilderResult.error(new MissingTransportException(schemeOf(target), e).getMessage());
        }
    }

    private static String schemeOf(String target) {
        return target.substring(0, target.indexOf(':'));
    }

    @Override
    protected Collection<Class<? extends SocketAddress>> getSupportedSocketAddressTypes() {
        return Set.of(LocalAddressType.class);
    }
}
