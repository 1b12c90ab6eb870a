/* Copyright 2026 The Netty IPC Authors. Licensed under the Apache License, Version 2.0; see LICENSE. */
package io.nettyipc.shm.testsuite;

import io.netty.bootstrap.Bootstrap;
import io.nettyipc.pipe.testsuite.LocalTestPermutation;
import io.nettyipc.shm.SharedMemory;
import io.nettyipc.shm.ShmChannelOption;
import io.nettyipc.shm.ShmDoorbell;

/**
 * Runs Netty's transport test suite over shared memory, as the system properties choose it: over epoll with sealed
 * memory, over NIO, or over either with files ({@code io.netty.transport.noNative}, {@code io.nettyipc.shm.segment}).
 */
final class ShmTestPermutation extends LocalTestPermutation {
    static final ShmTestPermutation INSTANCE = new ShmTestPermutation();

    private ShmTestPermutation() {
        super(new SharedMemory());
    }

    /** Bytes as doorbells, where eventfds are the default. */
    @Override
    protected void configureSecond(Bootstrap bootstrap) {
        bootstrap.option(ShmChannelOption.SHM_DOORBELL, ShmDoorbell.CONTROL_BYTE);
    }
}
