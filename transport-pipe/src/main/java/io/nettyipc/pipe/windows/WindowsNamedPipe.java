/* Copyright 2026 The Netty IPC Authors. Licensed under the Apache License, Version 2.0; see LICENSE. */
package io.nettyipc.pipe.windows;

import io.netty.channel.Channel;
import io.netty.channel.IoHandlerFactory;
import io.nettyipc.pipe.NamedPipePeer;

/** Entry to the Windows transport. */
public final class WindowsNamedPipe {
    private WindowsNamedPipe() {
    }

    public static Throwable unavailabilityCause() {
        return new UnsupportedOperationException("the Windows transport is not in this build");
    }

    public static IoHandlerFactory newIoHandlerFactory() {
        throw new UnsupportedOperationException(unavailabilityCause());
    }

    public static NamedPipePeer peer(Channel channel) {
        throw new UnsupportedOperationException(unavailabilityCause());
    }
}
