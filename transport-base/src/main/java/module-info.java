/* Copyright 2026 The Netty IPC Authors. Licensed under the Apache License, Version 2.0; see LICENSE. */

/**
 * What the transports of this project share: the operating system's functions, event loops over raw descriptors and
 * completion ports, and the skeleton of a channel. Exported to the project's own modules only.
 */
@SuppressWarnings({"module", "requires-automatic"}) // The modules that it is exported to are built later.
module io.nettyipc.transport.base {
    requires transitive io.netty.buffer;
    requires transitive io.netty.common;
    requires transitive io.netty.transport;
    requires transitive io.netty.transport.unix.common;
    requires static io.netty.transport.classes.epoll;
    requires static io.netty.transport.classes.io_uring;
    requires static reactor.blockhound;
    requires transitive com.sun.jna;
    requires transitive com.sun.jna.platform;

    exports io.nettyipc.base.os to
            io.nettyipc.transport.mailslot,
            io.nettyipc.transport.pipe,
            io.nettyipc.transport.process,
            io.nettyipc.transport.shm;
    exports io.nettyipc.base.loop to
            io.nettyipc.transport.mailslot,
            io.nettyipc.transport.pipe,
            io.nettyipc.transport.process,
            io.nettyipc.transport.shm;
    exports io.nettyipc.base.channel to
            io.nettyipc.transport.mailslot,
            io.nettyipc.transport.pipe,
            io.nettyipc.transport.process,
            io.nettyipc.transport.shm;
    exports io.nettyipc.base.overlapped to
            io.nettyipc.transport.pipe,
            io.nettyipc.transport.process;
    exports io.nettyipc.base.socket to
            io.nettyipc.transport.mailslot,
            io.nettyipc.transport.pipe,
            io.nettyipc.transport.process,
            io.nettyipc.transport.shm;
}
