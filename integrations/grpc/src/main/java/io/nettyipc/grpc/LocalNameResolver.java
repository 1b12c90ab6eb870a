/* Copyright 2026 The Netty IPC Authors. Licensed under the Apache License, Version 2.0; see LICENSE. */
package io.nettyipc.grpc;

import io.grpc.EquivalentAddressGroup;
import io.grpc.NameResolver;
import io.grpc.StatusOr;
import java.net.SocketAddress;
import java.util.List;

/** Knows one address from the start, and {@code localhost} as the authority that a call sends. */
final class LocalNameResolver extends NameResolver {

    private final SocketAddress address;
    private Listener2 listener;

    LocalNameResolver(SocketAddress address) {
        this.address = address;
    }

    @Override
    public String getServiceAuthority() {
        return LocalGrpc.AUTHORITY;
    }

    @Override
    public void start(Listener2 listener) {
        this.listener = listener;
        refresh();
    }

    @Override
    public void refresh() {
        listener.onResult2(ResolutionResult.newBuilder()
                .setAddressesOrError(StatusOr.fromValue(List.of(new EquivalentAddressGroup(address))))
                .build());
    }

    @Override
    public void shutdown() {}
}
