/* Copyright 2026 The Netty IPC Authors. Licensed under the Apache License, Version 2.0; see LICENSE. */
package io.nettyipc.process.start;

import io.netty.util.concurrent.Future;
import io.nettyipc.process.ProcessChannel;

/** A channel with a child: what it tells of the child is the same on every system. */
public interface ChildChannel extends ProcessChannel {

    /** Returns the owner of the child's start and end. */
    Child child();

    @Override
    default ProcessHandle process() {
        return child().termination().process().toHandle();
    }

    @Override
    default Future<Integer> exitFuture() {
        return child().termination().exitFuture();
    }

    @Override
    default Future<Integer> terminate() {
        return child().termination().ask();
    }

    @Override
    default Future<Integer> kill() {
        return child().termination().kill();
    }
}
