/* Copyright 2026 The Netty IPC Authors. Licensed under the Apache License, Version 2.0; see LICENSE. */

/**
 * Vert.x over the transports for local connections.
 *
 * <p>Each transport is optional: it is used when it is in the module graph, for which
 * {@code --add-modules io.nettyipc.transport.pipe} or a {@code requires} of the application is needed.
 */
module io.nettyipc.vertx {
    requires transitive io.netty.transport;
    requires transitive io.vertx.core;
    requires io.netty.common;
    requires io.netty.transport.unix.common;
    requires static io.nettyipc.transport.pipe;
    requires static transitive io.nettyipc.transport.shm;

    exports io.nettyipc.vertx;
}
