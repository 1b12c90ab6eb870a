/* Copyright 2026 The Netty IPC Authors. Licensed under the Apache License, Version 2.0; see LICENSE. */
package io.nettyipc.pipe.windows;

import io.nettyipc.pipe.NamedPipeMode;

/** A {@link WindowsNamedPipeServerChannel} of a pipe that carries messages. */
public final class WindowsMessagePipeServerChannel extends WindowsNamedPipeServerChannel {

    /** For {@link io.netty.bootstrap.ServerBootstrap#channel}. */
    public WindowsMessagePipeServerChannel() {
        config().setType(NamedPipeMode.MESSAGE);
    }
}
