/* Copyright 2026 The Netty IPC Authors. Licensed under the Apache License, Version 2.0; see LICENSE. */
package io.nettyipc.shm.testsuite;

import io.nettyipc.pipe.testsuite.AbstractSwitchedAutoReadTest;

class ShmSwitchedAutoReadTest extends AbstractSwitchedAutoReadTest {
    ShmSwitchedAutoReadTest() {
        super(ShmTestPermutation.INSTANCE);
    }
}
