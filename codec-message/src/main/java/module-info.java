/* Copyright 2026 The Netty IPC Authors. Licensed under the Apache License, Version 2.0; see LICENSE. */

/** Handlers for the frames that local programs speak. */
module io.nettyipc.codec.message {
    requires transitive io.netty.buffer;
    requires transitive io.netty.codec;
    requires transitive io.netty.transport;
    requires transitive io.netty.common;

    exports io.nettyipc.codec;
    exports io.nettyipc.codec.call;
}
