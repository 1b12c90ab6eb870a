/* Copyright 2026 The Netty IPC Authors. Licensed under the Apache License, Version 2.0; see LICENSE. */
package io.nettyipc.pipe.stress;

import io.nettyipc.base.testing.TestSize;
import io.nettyipc.pipe.testing.Pipes;

class ConnectCloseRaceTest extends AbstractConnectCloseRaceTest {
    ConnectCloseRaceTest() {
        super(new Pipes(), TestSize.of(1_000, 5_000));
    }
}
