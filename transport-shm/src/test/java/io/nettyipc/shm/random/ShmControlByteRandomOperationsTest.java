/* Copyright 2026 The Netty IPC Authors. Licensed under the Apache License, Version 2.0; see LICENSE. */
package io.nettyipc.shm.random;

import io.nettyipc.pipe.random.AbstractRandomOperationsTest;
import io.nettyipc.pipe.random.ChannelPairs;
import io.nettyipc.shm.ShmDoorbell;
import io.nettyipc.shm.ShmSpinStrategy;

/** With bytes on the control connection as doorbells, and loops that sleep as soon as there is nothing to do. */
class ShmControlByteRandomOperationsTest extends AbstractRandomOperationsTest {

    @Override
    protected ChannelPairs open() {
        return ShmPairs.open(ShmSpinStrategy.NONE, ShmDoorbell.CONTROL_BYTE);
    }
}
