/* Copyright 2026 The Netty IPC Authors. Licensed under the Apache License, Version 2.0; see LICENSE. */

/** Mailslots as a Netty transport. */
module io.nettyipc.transport.mailslot {
    requires transitive io.netty.common;
    requires transitive io.netty.transport;
    requires transitive io.nettyipc.transport.pipe;
    requires io.netty.buffer;
    requires io.nettyipc.transport.base;

    exports io.nettyipc.mailslot;
    // Bootstrap.channel(Class) creates channels by reflection.
    exports io.nettyipc.mailslot.windows to
            io.netty.transport;
    exports io.nettyipc.mailslot.unix to
            io.netty.transport;
}
