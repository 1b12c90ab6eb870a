/* Copyright 2026 The Netty IPC Authors. Licensed under the Apache License, Version 2.0; see LICENSE. */
package io.nettyipc.pipe.testsuite;

import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNull;

import java.net.SocketException;
import java.nio.channels.NotYetConnectedException;

class NamedPipeNotYetConnectedTest extends AbstractNotYetConnectedTest {
    NamedPipeNotYetConnectedTest() {
        super(NamedPipeTestPermutation.INSTANCE);
    }

    @Override
    protected void assertUnconnectedAnswer(Throwable cause) {
        if (cause instanceof NotYetConnectedException || cause instanceof SocketException) {
            return;
        }
        if (NamedPipeTestPermutation.isWindows()) {
            // A byte pipe has no half-close, connected or not.
            assertInstanceOf(UnsupportedOperationException.class, cause);
        } else {
            assertNull(cause, "Linux lets an unconnected Unix socket be shut down");
        }
    }
}
