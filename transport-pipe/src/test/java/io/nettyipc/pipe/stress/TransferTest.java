/* Copyright 2026 The Netty IPC Authors. Licensed under the Apache License, Version 2.0; see LICENSE. */
package io.nettyipc.pipe.stress;

import io.netty.util.internal.PlatformDependent;
import io.nettyipc.base.testing.TestSize;
import io.nettyipc.pipe.testing.Pipes;

class TransferTest extends AbstractTransferTest {
    TransferTest() {
        super(new Pipes(), (long) TestSize.of(PlatformDependent.isWindows() ? 32 : 64, 1024) << 20);
    }
}
