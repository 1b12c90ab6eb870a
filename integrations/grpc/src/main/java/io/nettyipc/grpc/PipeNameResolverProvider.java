/* Copyright 2026 The Netty IPC Authors. Licensed under the Apache License, Version 2.0; see LICENSE. */
package io.nettyipc.grpc;

/** gRPC finds it by {@link java.util.ServiceLoader}: targets of named pipes, such as {@code npipe:orders}. */
public final class PipeNameResolverProvider extends LocalNameResolverProvider {

    /** For the service loader. */
    public PipeNameResolverProvider() {
        super(LocalScheme.PIPE);
    }
}
