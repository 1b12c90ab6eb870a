/* Copyright 2026 The Netty IPC Authors. Licensed under the Apache License, Version 2.0; see LICENSE. */

/** Micrometer's meters of shared memory. */
@SuppressWarnings({"requires-automatic", "requires-transitive-automatic"}) // Micrometer has no module descriptors
module io.nettyipc.micrometer {
    requires transitive io.netty.common;
    requires transitive io.nettyipc.transport.shm;
    requires transitive micrometer.core;

    exports io.nettyipc.micrometer;
}
