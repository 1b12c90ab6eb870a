/* Copyright 2026 The Netty IPC Authors. Licensed under the Apache License, Version 2.0; see LICENSE. */
package io.nettyipc.shm.testsuite;

import static org.junit.jupiter.api.Assertions.assertInstanceOf;

import io.nettyipc.pipe.testsuite.AbstractNotYetConnectedTest;
import java.nio.channels.NotYetConnectedException;

class ShmNotYetConnectedTest extends AbstractNotYetConnectedTest {
    ShmNotYetConnectedTest() {
        super(ShmTestPermutation.INSTANCE);
    }

    @Override
    protected void assertUnconnectedAnswer(Throwable cause) {
        assertInstanceOf(NotYetConnectedException.class, cause);
    }
}
