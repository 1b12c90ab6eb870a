/* Copyright 2026 The Netty IPC Authors. Licensed under the Apache License, Version 2.0; see LICENSE. */

/** Child processes, this process's standard streams and FIFOs as a Netty transport. */
module io.nettyipc.transport.process {
    requires transitive io.netty.common;
    requires transitive io.netty.transport;
    requires io.netty.buffer;
    requires io.nettyipc.transport.base;

    exports io.nettyipc.process;
    // Bootstrap.channel(Class) creates channels by reflection.
    exports io.nettyipc.process.windows to
            io.netty.transport;
    exports io.nettyipc.process.unix to
            io.netty.transport;
}
