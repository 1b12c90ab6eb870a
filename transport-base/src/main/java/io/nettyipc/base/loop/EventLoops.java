/* Copyright 2026 The Netty IPC Authors. Licensed under the Apache License, Version 2.0; see LICENSE. */
package io.nettyipc.base.loop;

import io.netty.channel.Channel;
import io.netty.channel.EventLoop;
import io.netty.channel.IoEventLoop;
import io.netty.channel.IoHandle;
import io.netty.channel.IoHandlerFactory;
import io.netty.channel.IoRegistration;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.nio.NioIoHandler;
import io.netty.util.concurrent.Future;
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

    /**
     * Registers a channel's handle with the channel's event loop. Fails if that doesn't serve it, with a message that
     * says which one does; Netty's own names the class of the loop only, which is the same for all transports.
     *
     * @param factory the expression by which users make handlers of loops that serve the channel
     */
    public static Future<IoRegistration> register(Channel channel, IoHandle handle, String factory) {
        EventLoop loop = channel.eventLoop();
        return loop instanceof IoEventLoop ioLoop && ioLoop.isCompatible(handle.getClass())
                ? ioLoop.register(handle)
                : loop.newFailedFuture(UnsuitableLoop.exception(channel, loop, factory));
    }
}
