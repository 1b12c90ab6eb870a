/* Copyright 2026 The Netty IPC Authors. Licensed under the Apache License, Version 2.0; see LICENSE. */
package io.nettyipc.base.loop;

import io.netty.channel.IoHandlerFactory;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.nio.NioIoHandler;
import io.nettyipc.base.os.Platform;

/** Event loops for channels of this project that need no transport of Netty's. */
public final class EventLoops {

    private EventLoops() {}

    /** Loops with a completion port on Windows, else with epoll, or with NIO where there is none. */
    public static IoHandlerFactory newIoHandlerFactory() {
        if (Platform.current() == Platform.WINDOWS) {
            return CompletionPortIoHandler.newFactory();
        }
        return DescriptorWatch.EPOLL ? EpollIoHandler.newFactory() : NioIoHandler.newFactory();
    }
}
