/* Copyright 2026 The Netty IPC Authors. Licensed under the Apache License, Version 2.0; see LICENSE. */

/**
 * grpc-java over the transports for local connections.
 *
 * @provides io.grpc.NameResolverProvider for targets such as {@code npipe:orders} and {@code shm:orders}
 * @provides io.grpc.ManagedChannelProvider for channels to them
 */
@SuppressWarnings({"requires-automatic", "requires-transitive-automatic"}) // gRPC has no module descriptors
module io.nettyipc.grpc {
    requires transitive io.grpc;
    requires transitive io.grpc.netty;
    requires transitive io.netty.transport;
    requires transitive io.nettyipc.transport.pipe;
    requires io.grpc.internal;
    requires io.nettyipc.transport.shm;

    exports io.nettyipc.grpc;

    provides io.grpc.NameResolverProvider with
            io.nettyipc.grpc.PipeNameResolverProvider,
            io.nettyipc.grpc.ShmNameResolverProvider;
    provides io.grpc.ManagedChannelProvider with
            io.nettyipc.grpc.LocalChannelProvider;
}
