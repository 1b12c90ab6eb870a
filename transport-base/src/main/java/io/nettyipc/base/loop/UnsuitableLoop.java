/* Copyright 2026 The Netty IPC Authors. Licensed under the Apache License, Version 2.0; see LICENSE. */
package io.nettyipc.base.loop;

import io.netty.channel.Channel;
import io.netty.channel.EventLoop;
import io.netty.channel.IoEventLoop;
import io.netty.channel.local.LocalIoHandler;
import io.netty.channel.nio.NioIoHandle;
import io.netty.util.internal.StringUtil;
import java.util.ArrayList;
import java.util.List;

/** What to say when a channel is registered with an event loop that can't serve it. */
final class UnsuitableLoop {

    private UnsuitableLoop() {}

    /**
     * Returns the exception.
     *
     * @param factory the expression that makes handlers of loops that serve the channel
     */
    static IllegalStateException exception(Channel channel, EventLoop loop, String factory) {
        return new IllegalStateException(StringUtil.simpleClassName(channel)
                + " needs an event loop of new MultiThreadIoEventLoopGroup(" + factory + "), and was registered with a "
                + StringUtil.simpleClassName(loop) + " that serves " + served(loop));
    }

    /** Told by what the loop serves: all event loops of Netty's transports are of one class. */
    private static String served(EventLoop loop) {
        List<String> served = new ArrayList<>();
        if (loop instanceof IoEventLoop ioLoop) {
            if (ioLoop.isCompatible(CompletionPortIoHandle.class)) {
                served.add("Windows pipes");
            }
            if (ioLoop.isCompatible(NioIoHandle.class)) {
                served.add("NIO");
            }
            if (ioLoop.isIoType(LocalIoHandler.class)) {
                served.add("LocalChannel");
            }
            if (DescriptorWatch.EPOLL && EpollWatch.isCompatible(ioLoop)) {
                served.add("epoll");
            }
            if (DescriptorWatch.isUring(ioLoop)) {
                served.add("io_uring");
            }
        }
        return served.isEmpty() ? "no transport that is known here" : String.join(" and ", served) + " only";
    }
}
