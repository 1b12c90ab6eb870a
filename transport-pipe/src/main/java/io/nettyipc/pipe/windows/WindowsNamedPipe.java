/* Copyright 2026 The Netty IPC Authors. Licensed under the Apache License, Version 2.0; see LICENSE. */
package io.nettyipc.pipe.windows;

import io.netty.channel.Channel;
import io.netty.channel.IoHandler;
import io.netty.channel.IoHandlerFactory;
import io.nettyipc.base.loop.CompletionPortIoHandle;
import io.nettyipc.base.loop.CompletionPortIoHandler;
import io.nettyipc.pipe.NamedPipePeer;

/** Entry to the Windows transport: its parts. Loading this class never fails. */
public final class WindowsNamedPipe {

    private WindowsNamedPipe() {}

    /** A factory for event loops that pipes live on. */
    public static IoHandlerFactory newIoHandlerFactory() {
        return CompletionPortIoHandler.newFactory();
    }

    /** Whether pipes can live on the loop of that handler. */
    public static boolean isServedBy(IoHandler handler) {
        return handler.isCompatible(CompletionPortIoHandle.class);
    }

    /** Who is at the other end. */
    public static NamedPipePeer peer(Channel channel) {
        return PipePeers.of(channel);
    }
}
