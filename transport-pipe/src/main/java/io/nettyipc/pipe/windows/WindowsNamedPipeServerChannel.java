/* Copyright 2026 The Netty IPC Authors. Licensed under the Apache License, Version 2.0; see LICENSE. */
package io.nettyipc.pipe.windows;

import io.netty.channel.ServerChannel;

/** Server channel of the Windows transport. */
public abstract class WindowsNamedPipeServerChannel implements ServerChannel {
}
