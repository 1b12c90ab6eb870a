/* Copyright 2026 The Netty IPC Authors. Licensed under the Apache License, Version 2.0; see LICENSE. */

/**
 * reactor-netty, and with it Spring WebFlux, over the transports for local connections.
 *
 * <p>Each transport is optional: it is used when it is in the module graph, for which
 * {@code --add-modules io.nettyipc.transport.pipe} or a {@code requires} of the application is needed.
 */
@SuppressWarnings({"requires-automatic", "requires-transitive-automatic"}) // reactor-netty has no module descriptors
module io.nettyipc.reactor {
    requires transitive io.netty.transport;
    requires transitive reactor.core;
    requires transitive reactor.netty.core;
    requires io.netty.codec.http;
    requires io.netty.common;
    requires io.netty.transport.unix.common;
    requires static io.nettyipc.transport.pipe;
    requires static io.nettyipc.transport.shm;

    exports io.nettyipc.reactor;
}
