/* Copyright 2026 The Netty IPC Authors. Licensed under the Apache License, Version 2.0; see LICENSE. */
package io.nettyipc.shm.stress;

import io.nettyipc.base.testing.TestSize;
import io.nettyipc.pipe.stress.AbstractCloseInCallbackTest;
import io.nettyipc.shm.SharedMemory;

class CloseInCallbackTest extends AbstractCloseInCallbackTest {
    CloseInCallbackTest() {
        super(new SharedMemory(16 << 10), TestSize.of(8, 200));
    }
}
