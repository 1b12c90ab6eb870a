/* Copyright 2026 The Netty IPC Authors. Licensed under the Apache License, Version 2.0; see LICENSE. */
package io.nettyipc.shm.stress;

import io.nettyipc.pipe.stress.AbstractTransferTest;
import io.nettyipc.shm.SharedMemory;

class TransferTest extends AbstractTransferTest {
    TransferTest() {
        super(new SharedMemory(), (FULL ? 1024L : 64) << 20);
    }
}
