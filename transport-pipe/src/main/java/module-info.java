/* Copyright 2026 The Netty IPC Authors. Licensed under the Apache License, Version 2.0; see LICENSE. */

/**
 * Windows named pipes, and Unix domain sockets behind the same API, as a Netty transport.
 *
 * <p>Netty's epoll, io_uring and kqueue modules are optional: they are used when they are in the module graph. Nothing
 * requires them, so the program is started with {@code --add-modules} and both the classes' and the library's module:
 * {@code io.netty.transport.classes.epoll,io.netty.transport.epoll.linux.x86_64}. Without the second one NIO is used.
 */
module io.nettyipc.transport.pipe {
    requires transitive io.netty.buffer;
    requires transitive io.netty.common;
    requires transitive io.netty.transport;
    requires transitive io.netty.transport.unix.common;
    requires io.nettyipc.transport.base;
    requires static io.netty.transport.classes.epoll;
    requires static io.netty.transport.classes.io_uring;
    requires static io.netty.transport.classes.kqueue;
    // The peer's credentials of a JDK socket.
    requires jdk.net;

    exports io.nettyipc.pipe;
    exports io.nettyipc.pipe.unix to
            io.netty.transport;
    // Bootstrap.channel(Class) creates channels by reflection.
    exports io.nettyipc.pipe.windows to
            io.netty.transport;
}
