/* Copyright 2026 The Netty IPC Authors. Licensed under the Apache License, Version 2.0; see LICENSE. */
package io.nettyipc.pipe.windows;

import io.netty.channel.Channel;
import io.netty.channel.IoEventLoopGroup;
import io.netty.channel.IoHandler;
import io.netty.channel.IoHandlerFactory;
import io.netty.channel.nio.NioIoHandle;
import io.netty.util.concurrent.ThreadAwareExecutor;
import io.netty.util.internal.StringUtil;
import io.nettyipc.base.loop.CombinedIoHandler;
import io.nettyipc.base.loop.CompletionPortIoHandle;
import io.nettyipc.base.loop.CompletionPortIoHandler;
import io.nettyipc.pipe.NamedPipePeer;

/** Entry to the Windows transport: its parts. Loading this class never fails. */
public final class WindowsNamedPipe {

    /** How users make handlers of event loops that pipes live on. */
    static final String IO_HANDLER_FACTORY = "NamedPipe.newIoHandlerFactory()";

    private WindowsNamedPipe() {}

    /** A factory for event loops that pipes live on. */
    public static IoHandlerFactory newIoHandlerFactory() {
        return CompletionPortIoHandler.newFactory();
    }

    /** Returns what {@link io.nettyipc.pipe.NamedPipe#newIoHandlerFactory(IoHandlerFactory)} promises. */
    public static IoHandlerFactory newIoHandlerFactory(IoHandlerFactory factory) {
        return executor -> withPipes(factory.newHandler(executor), executor);
    }

    private static IoHandler withPipes(IoHandler handler, ThreadAwareExecutor executor) {
        if (handler.isCompatible(CompletionPortIoHandle.class)) {
            return handler;
        }
        try {
            if (!handler.isCompatible(NioIoHandle.class)) {
                throw new IllegalArgumentException(StringUtil.simpleClassName(handler)
                        + " serves no pipes (expected: NIO, or what NamedPipe.newIoHandlerFactory() makes)");
            }
            return new CombinedIoHandler(handler, executor);
        } catch (RuntimeException | Error e) {
            handler.destroy();
            throw e;
        }
    }

    /** Whether pipes can live on the loops of that group. */
    public static boolean isServedBy(IoEventLoopGroup group) {
        return group.isCompatible(CompletionPortIoHandle.class);
    }

    /** Who is at the other end. */
    public static NamedPipePeer peer(Channel channel) {
        return PipePeers.of(channel);
    }
}
