/* Copyright 2026 The Netty IPC Authors. Licensed under the Apache License, Version 2.0; see LICENSE. */
package io.nettyipc.pipe.stress;

import io.nettyipc.base.testing.TestSize;
import io.nettyipc.pipe.testing.Pipes;

class CloseInCallbackTest extends AbstractCloseInCallbackTest {
    CloseInCallbackTest() {
        super(new Pipes(), TestSize.of(15, 200));
    }
}
