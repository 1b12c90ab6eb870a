/* Copyright 2026 The Netty IPC Authors. Licensed under the Apache License, Version 2.0; see LICENSE. */
package io.nettyipc.shm.stress;

import io.nettyipc.base.testing.TestSize;
import io.nettyipc.pipe.stress.AbstractTransferTest;
import io.nettyipc.shm.SharedMemory;

class TransferTest extends AbstractTransferTest {
    TransferTest() {
        super(new SharedMemory(), (long) TestSize.of(64, 1024) << 20);
    }
}
