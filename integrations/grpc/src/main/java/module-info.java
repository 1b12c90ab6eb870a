/* Copyright 2026 The Netty IPC Authors. Licensed under the Apache License, Version 2.0; see LICENSE. */

/** grpc-java over the transports for local connections. */
@SuppressWarnings({"requires-automatic", "requires-transitive-automatic"}) // gRPC has no module descriptors
module io.nettyipc.grpc {
    requires transitive io.grpc;
    requires transitive io.grpc.netty;
    requires transitive io.netty.transport;

    exports io.nettyipc.grpc;
}
