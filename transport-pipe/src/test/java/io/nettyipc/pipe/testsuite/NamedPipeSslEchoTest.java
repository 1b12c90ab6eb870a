/* Copyright 2026 The Netty IPC Authors. Licensed under the Apache License, Version 2.0; see LICENSE. */
package io.nettyipc.pipe.testsuite;

class NamedPipeSslEchoTest extends AbstractSslEchoTest {
    NamedPipeSslEchoTest() {
        super(NamedPipeTestPermutation.INSTANCE);
    }
}
