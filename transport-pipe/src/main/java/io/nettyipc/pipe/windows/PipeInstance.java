/* Copyright 2026 The Netty IPC Authors. Licensed under the Apache License, Version 2.0; see LICENSE. */
package io.nettyipc.pipe.windows;

import io.nettyipc.base.os.Overlapped;

/** One instance of a pipe that waits for a client: its handle and, while the kernel waits, the wait's memory. */
record PipeInstance(long handle, Overlapped overlapped) {}
