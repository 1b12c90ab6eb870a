/* Copyright 2026 The Netty IPC Authors. Licensed under the Apache License, Version 2.0; see LICENSE. */
package io.nettyipc.pipe.testsuite;

import io.nettyipc.pipe.testing.MessagePipes;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;

@DisabledOnOs(value = OS.MAC, disabledReason = "macOS has no sockets that carry messages")
class MessagePipeSwitchedAutoReadTest extends AbstractSwitchedAutoReadTest {
    MessagePipeSwitchedAutoReadTest() {
        super(new LocalTestPermutation(new MessagePipes()) {});
    }
}
