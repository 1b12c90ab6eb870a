/* Copyright 2026 The Netty IPC Authors. Licensed under the Apache License, Version 2.0; see LICENSE. */

/**
 * Shared memory as a Netty transport.
 *
 * <p>Netty's epoll modules are optional, as they are for {@code io.nettyipc.transport.pipe}. Without them the memory is
 * in files.
 */
module io.nettyipc.transport.shm {
    requires transitive io.netty.common;
    requires transitive io.netty.transport;
    requires transitive io.netty.transport.unix.common;
    requires transitive io.nettyipc.transport.pipe;
    requires io.nettyipc.transport.base;
    requires io.netty.buffer;
    // Its events are left out where it is missing.
    requires static jdk.jfr;

    exports io.nettyipc.shm;
}
