/* Copyright 2026 The Netty IPC Authors. Licensed under the Apache License, Version 2.0; see LICENSE. */
package io.nettyipc.shm.testsuite;

import io.nettyipc.pipe.testsuite.AbstractSslEchoTest;

class ShmSslEchoTest extends AbstractSslEchoTest {
    ShmSslEchoTest() {
        super(ShmTestPermutation.INSTANCE);
    }
}
