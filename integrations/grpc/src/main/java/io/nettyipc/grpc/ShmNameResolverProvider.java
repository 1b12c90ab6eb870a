/* Copyright 2026 The Netty IPC Authors. Licensed under the Apache License, Version 2.0; see LICENSE. */
package io.nettyipc.grpc;

/** gRPC finds it by {@link java.util.ServiceLoader}: targets of shared memory, such as {@code shm:orders}. */
public final class ShmNameResolverProvider extends LocalNameResolverProvider {

    /** For the service loader. */
    public ShmNameResolverProvider() {
        super(LocalScheme.SHM);
    }
}
