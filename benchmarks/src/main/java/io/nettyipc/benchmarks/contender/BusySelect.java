/* Copyright 2026 The Netty IPC Authors. Licensed under the Apache License, Version 2.0; see LICENSE. */
package io.nettyipc.benchmarks.contender;

import io.netty.channel.SelectStrategy;
import io.netty.util.IntSupplier;

/** Lets an epoll event loop ask again and again instead of sleeping: Netty's own answer to the cost of a wake-up. */
final class BusySelect implements SelectStrategy {
    @Override
    public int calculateStrategy(IntSupplier selectSupplier, boolean hasTasks) throws Exception {
        return hasTasks ? selectSupplier.get() : BUSY_WAIT;
    }
}
