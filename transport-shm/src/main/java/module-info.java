/* Copyright 2026 The Netty IPC Authors. Licensed under the Apache License, Version 2.0; see LICENSE. */

/** Shared memory as a Netty transport. So far only its two lowest layers, both internal. */
module io.nettyipc.transport.shm {
    requires io.netty.common;
    requires io.netty.buffer;
    requires com.sun.jna;
    requires com.sun.jna.platform;
}
