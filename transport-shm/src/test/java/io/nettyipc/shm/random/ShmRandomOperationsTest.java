/* Copyright 2026 The Netty IPC Authors. Licensed under the Apache License, Version 2.0; see LICENSE. */
package io.nettyipc.shm.random;

import io.nettyipc.pipe.random.AbstractRandomOperationsTest;
import io.nettyipc.pipe.random.ChannelPairs;
import io.nettyipc.shm.ShmSpinStrategy;

/** As it is without options, over what the system properties choose. */
class ShmRandomOperationsTest extends AbstractRandomOperationsTest {

    @Override
    protected ChannelPairs open() {
        return ShmPairs.open(ShmSpinStrategy.ADAPTIVE, null);
    }
}
