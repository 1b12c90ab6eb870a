/* Copyright 2026 The Netty IPC Authors. Licensed under the Apache License, Version 2.0; see LICENSE. */
package io.nettyipc.pipe.windows;

import io.nettyipc.pipe.NamedPipeMode;

/** A {@link WindowsNamedPipeChannel} that reads messages unless told otherwise. */
public final class WindowsMessagePipeChannel extends WindowsNamedPipeChannel {

    /** For {@link io.netty.bootstrap.Bootstrap#channel}. */
    public WindowsMessagePipeChannel() {
        config().setPipeReadMode(NamedPipeMode.MESSAGE);
    }
}
