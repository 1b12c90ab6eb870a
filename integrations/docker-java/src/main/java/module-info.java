/* Copyright 2026 The Netty IPC Authors. Licensed under the Apache License, Version 2.0; see LICENSE. */

/** docker-java over named pipes and Unix domain sockets. */
@SuppressWarnings({"requires-automatic", "requires-transitive-automatic"}) // docker-java has no module descriptors
module io.nettyipc.dockerjava {
    requires transitive com.github.dockerjava.transport;
    requires io.netty.buffer;
    requires io.netty.codec;
    requires io.netty.codec.http;
    requires io.netty.common;
    requires io.netty.transport;
    requires io.nettyipc.transport.pipe;

    exports io.nettyipc.dockerjava;
}
