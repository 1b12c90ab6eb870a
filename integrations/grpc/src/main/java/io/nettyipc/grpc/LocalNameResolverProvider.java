/* Copyright 2026 The Netty IPC Authors. Licensed under the Apache License, Version 2.0; see LICENSE. */
package io.nettyipc.grpc;

import io.grpc.NameResolver;
import io.grpc.NameResolverProvider;
import java.net.SocketAddress;
import java.net.URI;
import java.util.Collection;
import java.util.Set;

/** Resolves the targets of one scheme. */
abstract class LocalNameResolverProvider extends NameResolverProvider {

    private final String scheme;

    LocalNameResolverProvider(String scheme) {
        this.scheme = scheme;
    }

    /** Even without the transport: then {@link LocalChannelProvider} says what is missing. */
    @Override
    protected final boolean isAvailable() {
        return true;
    }

    /** Below DNS, so that its scheme stays the one of targets without any. */
    @Override
    protected final int priority() {
        return 3;
    }

    @Override
    public final String getDefaultScheme() {
        return scheme;
    }

    @Override
    public final NameResolver newNameResolver(URI target, NameResolver.Args args) {
        if (!scheme.equals(target.getScheme())) {
            return null;
        }
        try {
            return new LocalNameResolver(LocalTarget.of(target).address());
        } catch (MissingTransportException e) {
            throw new IllegalStateException(e.getMessage(), e);
        }
    }

    @Override
    public final Collection<Class<? extends SocketAddress>> getProducedSocketAddressTypes() {
        return Set.of(LocalAddressType.class);
    }
}
